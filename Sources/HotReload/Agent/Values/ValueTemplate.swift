/// A text with actions in double braces, of Go's template syntax the part that inserts values.
///
/// `{{.Ordinal}}`, `{{.Name}}`, `{{.Namespace}}`, `{{.Labels.word}}`, `{{index .Labels "any/key"}}` and a quoted text as it is. `{{-` and `-}}` trim the white space on
/// their side. Anything else is an error with its line, and so is a label that the pod does not have: a game must not start on half a configuration.
struct ValueTemplate {
  private enum Part {
    case text(ArraySlice<UInt8>)
    case value(Value, line: Int)
  }

  private enum Value {
    case ordinal, name, namespace
    case label(String)
    case literal(String)
  }

  private let name: String
  private var parts: [Part] = []

  /// Parses a text.
  ///
  /// - Parameter name: the file's name, for messages.
  init(_ text: [UInt8], name: String) throws(AgentError) {
    self.name = name
    var rest = text[...]
    var line = 1
    while let open = Self.firstPair(of: UInt8(ascii: "{"), in: rest) {
      var before = rest[..<open]
      line += Self.lines(in: before)
      rest = rest[(open + 2)...]
      guard let close = Self.firstPair(of: UInt8(ascii: "}"), in: rest) else {
        throw AgentError(.template, "\(name):\(line): {{ has no }}")
      }
      var action = rest[..<close]
      rest = rest[(close + 2)...]
      if Self.trims(action.prefix(2)) {
        action = action.dropFirst()
        before = before.dropLastBlanks
      }
      let trimsBehind = Self.trims(ArraySlice(action.suffix(2).reversed()))
      if trimsBehind { action = action.dropLast() }
      parts.append(.text(before))
      let value = try Self.value(String(decoding: action, as: UTF8.self).trimmed, "\(name):\(line)")
      parts.append(.value(value, line: line))
      line += Self.lines(in: action)
      if trimsBehind {
        let trimmed = rest.drop(while: \.isBlank)
        line += Self.lines(in: rest[..<trimmed.startIndex])
        rest = trimmed
      }
    }
    parts.append(.text(rest))
  }

  /// The text with the values of a pod.
  func render(_ values: PodValues) throws(AgentError) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .value(let value, let line): bytes += try text(of: value, values, line).utf8
      }
    }
    return bytes
  }

  private func text(of value: Value, _ values: PodValues, _ line: Int) throws(AgentError) -> String {
    let missing = { (what: String) in AgentError(.template, "\(name):\(line): the pod has no \(what)") }
    switch value {
    case .literal(let text): return text
    case .name where !values.name.isEmpty: return values.name
    case .namespace where !values.namespace.isEmpty: return values.namespace
    case .name: throw missing("name here: mount the downward API")
    case .namespace: throw missing("namespace here: mount the downward API")
    case .ordinal:
      guard let ordinal = values.ordinal else { throw missing("ordinal in its name \"\(values.name)\"") }
      return String(ordinal)
    case .label(let key):
      guard let label = values.labels[key] else { throw missing("label \(key)") }
      return label
    }
  }

  private static func value(_ action: String, _ place: String) throws(AgentError) -> Value {
    switch action {
    case ".Ordinal": return .ordinal
    case ".Name": return .name
    case ".Namespace": return .namespace
    default: break
    }
    if action.hasPrefix(".Labels."), case let key = action.dropFirst(8), isWord(key) { return .label(String(key)) }
    if action.hasPrefix("index .Labels "), let key = quoted(String(action.dropFirst(14)).trimmed) { return .label(key) }
    if let text = quoted(action) { return .literal(text) }
    throw AgentError(
      .template,
      "\(place): {{\(action.prefix(64))}} is not known: use .Ordinal, .Name, .Namespace, .Labels.word or index .Labels \"key\""
    )
  }

  private static func isWord(_ text: Substring) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || "0"..."9" ~= $0 }
  }

  /// The text between two quotes; escapes are not needed for keys and braces, so a backslash is refused.
  private static func quoted(_ text: String) -> String? {
    for quote in ["\"", "`"] where text.utf8.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      let inner = String(text.dropFirst().dropLast())
      return inner.contains(quote) || inner.contains("\\") ? nil : inner
    }
    return nil
  }

  private static func firstPair(of byte: UInt8, in text: ArraySlice<UInt8>) -> Int? {
    guard text.count >= 2 else { return nil }
    return (text.startIndex..<text.endIndex - 1).first { text[$0] == byte && text[$0 + 1] == byte }
  }

  /// Whether an action starts with a dash and a blank, which trims the text on that side.
  private static func trims(_ edge: ArraySlice<UInt8>) -> Bool {
    edge.count == 2 && edge.first == UInt8(ascii: "-") && edge.last?.isBlank == true
  }

  private static func lines(in text: ArraySlice<UInt8>) -> Int { text.count { $0 == UInt8(ascii: "\n") } }
}

extension UInt8 {
  /// What Go trims around an action: blank, tab, carriage return, line feed.
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }
}

extension ArraySlice<UInt8> {
  fileprivate var dropLastBlanks: ArraySlice<UInt8> {
    guard let last = lastIndex(where: { !$0.isBlank }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
