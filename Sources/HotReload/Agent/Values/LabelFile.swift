/// The file in which the downward API shows labels: a line `key="value"` each, the value quoted as Go does.
enum LabelFile {
  /// The labels of a file; lines that are none are left out, because a newer kubelet may write more.
  static func parse(_ bytes: [UInt8]) -> [String: String] {
    var labels: [String: String] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")), let value = unquote(line[(equals + 1)...]) else {
        continue
      }
      labels[String(decoding: line[..<equals], as: UTF8.self)] = value
    }
    return labels
  }

  /// The text between the quotes, with Go's escapes undone (Go specification, "String literals").
  private static func unquote(_ quoted: ArraySlice<UInt8>) -> String? {
    let quote = UInt8(ascii: "\"")
    guard quoted.count >= 2, quoted.first == quote, quoted.last == quote else { return nil }
    var bytes: [UInt8] = []
    var rest = quoted.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard let kind = rest.popFirst() else { return nil }
      if let plain = simpleEscapes[kind] {
        bytes.append(plain)
      } else if !numericEscape(kind, &rest, into: &bytes) {
        return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11,
    UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): 92, UInt8(ascii: "\""): 34,
  ]

  private static func numericEscape(_ kind: UInt8, _ rest: inout ArraySlice<UInt8>, into bytes: inout [UInt8]) -> Bool {
    let widths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
    guard let width = widths[kind], rest.count >= width,
      let number = UInt32(String(decoding: rest.prefix(width), as: UTF8.self), radix: 16)
    else { return false }
    rest = rest.dropFirst(width)
    if width == 2 {
      bytes.append(UInt8(number))
      return true
    }
    guard let scalar = Unicode.Scalar(number) else { return false }
    bytes.append(contentsOf: String(Character(scalar)).utf8)
    return true
  }
}
