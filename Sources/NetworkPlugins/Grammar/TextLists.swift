/// Names or ids between commas, blanks around them trimmed, empty ones dropped.
public enum IDList {
  /// The names of a value, in order.
  public static func parse(_ text: String) -> [String] {
    text[...].commaParts.filter { !$0.isEmpty }.map { String($0) }
  }

  /// The names of several values of one parameter, in order, each once: naming one twice gives it no second set of ports.
  public static func parse(_ values: [String]) -> [String] {
    unique(values.flatMap { parse($0) })
  }

  /// Names in their order, each once.
  static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

/// Numbers between commas.
enum NumberList {
  /// The numbers of a value; an empty value has none.
  static func parse(_ text: String, in range: ClosedRange<Int>) throws(GrammarError) -> [Int] {
    guard !text[...].trimmed.isEmpty else { return [] }
    var numbers: [Int] = []
    for part in text[...].commaParts {
      guard let number = Int(part), range.contains(number) else {
        throw GrammarError("\(quoted(part)) is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
      numbers.append(number)
    }
    return numbers
  }
}

/// A key and a value with a separator between them.
public struct KeyValue: Sendable, Hashable {
  /// What stands before the first separator.
  public let key: String
  /// What stands behind it.
  public let value: String

  /// Pairs a key with a value.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }

  /// Reads `key:value,key:value`; a value may hold colons but no commas.
  ///
  /// - Throws: ``GrammarError`` that names an element without a colon or with a key that Kubernetes refuses.
  public static func annotations(_ text: String) throws(GrammarError) -> [KeyValue] {
    var list: [KeyValue] = []
    for part in text[...].commaParts where !part.isEmpty {
      guard let (key, value) = part.halves(at: ":") else { throw GrammarError("\(quoted(part)) has no colon") }
      list.append(KeyValue(try annotationKey(key), String(value)))
    }
    return list
  }

  /// Reads `key: value`; the colon and the blank behind it stand there exactly once.
  ///
  /// - Throws: ``GrammarError`` where they do not, or where Kubernetes refuses the key.
  public static func annotation(_ text: String) throws(GrammarError) -> KeyValue {
    guard let place = text[...].firstColonBlank else { throw GrammarError("\(quoted(text)) has no \": \"") }
    let rest = text[place.upperBound...]
    guard rest.firstColonBlank == nil else { throw GrammarError("\(quoted(text)) has \": \" twice") }
    return KeyValue(try annotationKey(text[..<place.lowerBound]), String(rest))
  }

  /// Reads `key=value` as a pod label.
  ///
  /// - Throws: ``GrammarError`` where there is no `=`, or where Kubernetes refuses the key or the value.
  public static func label(_ text: String) throws(GrammarError) -> KeyValue {
    guard let (key, value) = text[...].halves(at: "=") else { throw GrammarError("\(quoted(text)) has no =") }
    guard KubernetesName.isLabelValue(value) else { throw GrammarError("\(quoted(value)) is no label value") }
    return KeyValue(try annotationKey(key), String(value))
  }

  private static func annotationKey(_ key: Substring) throws(GrammarError) -> String {
    guard KubernetesName.isQualified(key) else { throw GrammarError("\(quoted(key)) is no key of Kubernetes metadata") }
    return String(key)
  }
}

extension Substring {
  /// Where a colon with a blank behind it stands first.
  fileprivate var firstColonBlank: Range<Index>? {
    var place = startIndex
    while let colon = self[place...].firstIndex(of: ":") {
      let next = index(after: colon)
      if next < endIndex, self[next] == " " { return colon..<index(after: next) }
      place = next
    }
    return nil
  }
}
