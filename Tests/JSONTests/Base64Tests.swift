import Foundation
import JSON
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "is what RFC 4648 section 10 shows",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func vectors(_ plain: String, _ encoded: String) throws {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
    #expect(try JSONDocument("\"\(encoded)\"").root.base64 == Array(plain.utf8))
  }

  @Test("is what Foundation makes of every length and byte", arguments: 0..<70)
  func agrees(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
    #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
    #expect(Base64.decode(Data(bytes).base64EncodedString()) == bytes)
  }

  @Test(
    "refuses other text",
    arguments: ["a", "ab", "abc", "a===", "====", "ab=c", "abcd=", "ab=cabcd", "ab c", "ab-_", "Zg==\n", "é="])
  func refuses(_ text: String) { #expect(Base64.decode(text) == nil) }

  @Test("reads a string with an escaped slash, and no other value")
  func reads() throws {
    #expect(try JSONDocument(#""\/\/\/\/""#).root.base64 == [0xFF, 0xFF, 0xFF])
    #expect(try JSONDocument("1234").root.base64 == nil)
  }
}
