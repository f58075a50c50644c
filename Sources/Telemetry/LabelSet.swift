/// The labels that tell one time series of a metric from another, sorted by name.
public struct LabelSet: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One label.
  public struct Label: Hashable, Sendable {
    /// Letters, digits and `_`, no digit first, not beginning with `__`, which Prometheus keeps for itself.
    public let name: String
    /// Any text.
    public let value: String
  }

  /// No labels.
  public static let none: LabelSet = [:]

  /// The labels, ascending by name.
  public let labels: [Label]

  /// Creates a set from a literal such as `["path": "/metrics"]`.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(names: elements.map(\.0), values: elements.map(\.1))
  }

  /// Creates a set from names and their values; an illegal or repeated name is a programmer's error.
  public init(names: [String], values: [String]) {
    precondition(names.count == values.count, "as many label values as names")
    precondition(names.allSatisfy(Self.isValidName), "not label names: \(names)")
    precondition(Set(names).count == names.count, "a label is named once: \(names)")
    labels = zip(names, values).map(Label.init).sorted { $0.name < $1.name }
  }

  private static func isValidName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first), !name.hasPrefix("__") else { return false }
    // `le` is the histogram's own.
    return name != "le" && name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }
}

extension LabelSet: Comparable {
  /// Orders series by their values, then by their names: the order in which the exposition prints them.
  public static func < (left: LabelSet, right: LabelSet) -> Bool {
    for (mine, other) in zip(left.labels, right.labels) where mine != other {
      return mine.name == other.name ? mine.value < other.value : mine.name < other.name
    }
    return left.labels.count < right.labels.count
  }
}
