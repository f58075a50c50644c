/// The forms of names that the API server accepts, so that a refusal comes before an object is made.
enum KubernetesName {
  /// A qualified name: an optional DNS subdomain and a slash, then 1 to 63 letters, digits, `-`, `_`, `.`, framed by letters or digits.
  static func isQualified(_ text: Substring) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isLabelName(parts[0])
    case 2: return isSubdomain(parts[0]) && isLabelName(parts[1])
    default: return false
    }
  }

  /// A label's value: empty, or a name of up to 63 characters.
  static func isLabelValue(_ text: Substring) -> Bool { text.isEmpty || isLabelName(text) }

  /// A DNS subdomain (RFC 1123): labels of lower-case letters, digits and dashes between dots, at most 253 characters in all.
  static func isSubdomain(_ text: Substring) -> Bool {
    (1...253).contains(text.utf8.count)
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        isFramed(label.utf8, by: isLowerOrDigit) { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
      }
  }

  /// A Service's name (RFC 1035): 1 to 63 lower-case letters, digits and dashes, the first a letter, the last no dash.
  static func isServiceName(_ text: Substring) -> Bool {
    text.utf8.count <= 63 && !text.contains(".") && isSubdomain(text)
      && text.utf8.first.map { $0 > UInt8(ascii: "9") } ?? false
  }

  /// A text behind the first dash of a Service's name: 1 to 61 lower-case letters, digits and dashes, none of these at an end.
  static func isPartOfServiceName(_ text: Substring) -> Bool {
    text.utf8.count <= 61 && !text.contains(".") && isSubdomain(text)
  }

  private static func isLabelName(_ text: Substring) -> Bool {
    text.utf8.count <= 63
      && isFramed(text.utf8, by: isAlphanumeric) {
        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
      }
  }

  private static func isFramed(
    _ text: some BidirectionalCollection<UInt8>, by frame: (UInt8) -> Bool, _ inside: (UInt8) -> Bool
  ) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return frame(first) && frame(last) && text.allSatisfy(inside)
  }

  private static func isLowerOrDigit(_ unit: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= unit || UInt8(ascii: "0")...UInt8(ascii: "9") ~= unit
  }

  private static func isAlphanumeric(_ unit: UInt8) -> Bool {
    isLowerOrDigit(unit) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= unit
  }
}
