import Testing

@testable import KubeClient

@Suite struct Base64Tests {
  /// RFC 4648 section 10.
  static let examples: [(String, String)] = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]

  @Test("writes and reads the examples of RFC 4648", arguments: examples)
  func vectors(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test("reads over line breaks and blanks")
  func spaces() { #expect(Base64.decode("Zm9v\r\n  YmFy\n") == Array("foobar".utf8)) }

  @Test("refuses foreign characters and wrong padding", arguments: ["Zg", "Zg=", "Z===", "Zg==Zg==", "Zm-v", "=Zg="])
  func refuses(text: String) { #expect(Base64.decode(text) == nil) }
}
