public import JSON

/// A condition on labels, in either of the forms that the API has: the text of a query, or `matchLabels` and `matchExpressions`.
public struct LabelSelector: Sendable, Hashable {
  /// One condition; a selector demands all of its conditions.
  public enum Requirement: Sendable, Hashable {
    case isIn(key: String, values: Set<String>)
    case isNotIn(key: String, values: Set<String>)
    case exists(key: String)
    case doesNotExist(key: String)
  }

  /// Why a selector was refused.
  public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  /// The conditions.
  public let requirements: [Requirement]

  /// A selector of the given conditions; none selects everything.
  public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

  /// Whether labels meet every condition.
  public func matches(_ labels: StringMap) -> Bool {
    requirements.allSatisfy { requirement in
      switch requirement {
      case .isIn(let key, let values): labels[key].map(values.contains) ?? false
      // As Kubernetes has it, a missing label is not in any set.
      case .isNotIn(let key, let values): labels[key].map { !values.contains($0) } ?? true
      case .exists(let key): labels.contains(key)
      case .doesNotExist(let key): !labels.contains(key)
      }
    }
  }
}

extension LabelSelector {
  /// Reads a `metav1.LabelSelector`; an absent one is nil to the caller, an empty one selects everything.
  public init(_ json: JSONView) throws(Problem) {
    var requirements: [Requirement] = []
    for (key, value) in StringMap(json["matchLabels"]) { requirements.append(.isIn(key: key, values: [value])) }
    for expression in json["matchExpressions"].map({ Array($0.elements) }) ?? [] {
      let key = expression["key"]?.string ?? ""
      let values = Set(expression["values"]?.elements.compactMap(\.string) ?? [])
      switch expression["operator"]?.string {
      case "In": requirements.append(.isIn(key: key, values: values))
      case "NotIn": requirements.append(.isNotIn(key: key, values: values))
      case "Exists": requirements.append(.exists(key: key))
      case "DoesNotExist": requirements.append(.doesNotExist(key: key))
      case let other:
        throw Problem(
          description: "operator \(other ?? "") of key \(key) is none of In, NotIn, Exists, DoesNotExist")
      }
    }
    self.init(requirements)
  }

  /// Reads the text of a query: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas.
  public init(query: String) throws(Problem) {
    var requirements: [Requirement] = []
    for part in LabelSelector.split(query) {
      let text = part.trimmingBlanks
      guard !text.isEmpty else { continue }
      requirements.append(try LabelSelector.requirement(text))
    }
    self.init(requirements)
  }

  /// Splits at the commas outside of parentheses.
  private static func split(_ query: String) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var start = query.startIndex
    for place in query.indices {
      switch query[place] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        parts.append(query[start..<place])
        start = query.index(after: place)
      default: break
      }
    }
    parts.append(query[start...])
    return parts
  }

  private static func requirement(_ text: Substring) throws(Problem) -> Requirement {
    if text.hasPrefix("!"), !text.contains("=") { return .doesNotExist(key: String(text.dropFirst().trimmingBlanks)) }
    for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
      guard let range = text.firstRange(of: sign) else { continue }
      let key = String(text[..<range.lowerBound].trimmingBlanks)
      let value = String(text[range.upperBound...].trimmingBlanks)
      guard !key.isEmpty else { throw Problem(description: "the selector \(text) has no key") }
      return isEqual ? .isIn(key: key, values: [value]) : .isNotIn(key: key, values: [value])
    }
    guard let open = text.firstIndex(of: "(") else {
      guard !text.contains(" ") else { throw Problem(description: "the selector \(text) is no condition") }
      return .exists(key: String(text))
    }
    let words = text[..<open].split(separator: " ")
    guard words.count == 2, text.hasSuffix(")") else {
      throw Problem(description: "the selector \(text) is no condition")
    }
    let list = text[text.index(after: open)...].dropLast()
    let values = Set(list.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingBlanks) })
    switch words[1] {
    case "in": return .isIn(key: String(words[0]), values: values)
    case "notin": return .isNotIn(key: String(words[0]), values: values)
    default: throw Problem(description: "the word \(words[1]) of the selector is neither in nor notin")
    }
  }
}

extension Substring {
  /// The text without blanks and tabs at either end.
  var trimmingBlanks: Substring {
    var text = self
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
