/// A text in which `<id>` may stand once, for the number of the pod.
public enum IDTemplate {
  /// What is replaced.
  static let placeholder = "<id>"

  /// The text with the number in place of `<id>`.
  ///
  /// - Throws: ``GrammarError`` where `<id>` stands there twice or more often.
  public static func expand(_ text: String, ordinal: Int) throws(GrammarError) -> String {
    var parts: [Substring] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      let from = rest[open...]
      guard from.hasPrefix(placeholder) else {
        parts.append(rest[...open])
        rest = rest[rest.index(after: open)...]
        continue
      }
      parts.append(rest[..<open])
      parts.append(Substring(placeholder))
      rest = from.dropFirst(placeholder.count)
    }
    parts.append(rest)
    guard parts.filter({ $0 == placeholder }).count <= 1 else {
      throw GrammarError("\(quoted(text)) has \(placeholder) more than once")
    }
    return parts.map { $0 == placeholder ? String(ordinal) : String($0) }.joined()
  }
}
