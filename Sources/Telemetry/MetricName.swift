/// A name that the exposition format accepts: letters, digits, `_` and `:`, no digit first.
///
/// Rule: "Metric names and labels" of Prometheus' data model.
public struct MetricName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name itself.
  public let description: String

  /// Creates a name from a literal; one that breaks the rule is a programmer's error.
  public init(stringLiteral name: String) {
    precondition(Self.isValid(name), "not a metric name: \(name)")
    description = name
  }

  /// Creates a name from a text that is known only at run time, or nothing when it breaks the rule.
  public init?(_ name: String) {
    guard Self.isValid(name) else { return nil }
    description = name
  }

  /// Orders names as the exposition prints them.
  public static func < (left: MetricName, right: MetricName) -> Bool {
    left.description < right.description
  }

  private static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ":") }
  }
}

/// An ASCII letter or an underscore.
func isLetter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
  default: false
  }
}

/// An ASCII digit.
func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
