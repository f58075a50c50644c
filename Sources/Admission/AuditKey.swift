/// The key of an audit annotation.
///
/// The API server stores `<webhook name>/<key>`, so a key is the name part of a qualified name: letters, digits, `-`, `_` and `.`, a
/// letter or digit at both ends, at most 63 characters, no slash.
public struct AuditKey: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The key itself.
  public let description: String

  /// A key from a literal; one that breaks the rule is a programmer's error.
  public init(stringLiteral key: String) {
    precondition(AuditKey.isValid(key), "not the key of an audit annotation: \(key)")
    description = key
  }

  /// A key from a text that is known only at run time; nil where it breaks the rule.
  public init?(_ key: String) {
    guard AuditKey.isValid(key) else { return nil }
    description = key
  }

  private static func isValid(_ key: String) -> Bool {
    let bytes = key.utf8
    guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
