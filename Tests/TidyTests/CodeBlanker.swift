/// Replaces what a Swift file only says by blanks, so that a search in the rest finds code.
///
/// Knows nested comments, strings of all kinds with their interpolations, and regular expressions. A slash is taken
/// for the beginning of an expression only after a character that cannot end an operand, which is all that the
/// formatter's spacing leaves in doubt.
struct CodeBlanker {
  private let source: [UInt8]
  private var output: [UInt8]
  private var index = 0

  init(_ text: String) {
    source = Array(text.utf8)
    output = source
  }

  /// The text with the same lines and columns.
  mutating func blanked() -> String {
    while index < source.count { skipOne() }
    return String(decoding: output, as: UTF8.self)
  }

  private mutating func skipOne() {
    // Nearly every byte is neither of these three.
    guard "/\"#".utf8.contains(source[index]) else {
      index += 1
      return
    }
    switch true {
    case at("//"): blank { $0.skip(until: "\n", consuming: false) }
    case at("/*"): blank { $0.skipNestedComment() }
    case at("\""): blank { $0.skipString(pounds: 0) }
    case at("#"): skipPounds()
    case at("/") && mayBeginExpression: blank { $0.skipExpression() }
    default: index += 1
    }
  }

  private func at(_ text: String, offset: Int = 0) -> Bool {
    source[min(index + offset, source.count)...].starts(with: text.utf8)
  }

  /// Runs `body`, then blanks what it passed over, line feeds apart.
  private mutating func blank(_ body: (inout CodeBlanker) -> Void) {
    let start = index
    body(&self)
    for place in start..<min(index, source.count) where source[place] != UInt8(ascii: "\n") {
      output[place] = UInt8(ascii: " ")
    }
  }

  private mutating func skip(until end: String, consuming: Bool) {
    while index < source.count, !at(end) { index += 1 }
    if consuming { index += end.utf8.count }
  }

  private mutating func skipNestedComment() {
    var depth = 0
    repeat {
      if at("/*") {
        depth += 1
        index += 2
      } else if at("*/") {
        depth -= 1
        index += 2
      } else {
        index += 1
      }
    } while depth > 0 && index < source.count
  }

  /// `#"…"#` and `#/…/#`; anything else that begins so, such as `#expect`, is code.
  private mutating func skipPounds() {
    var pounds = 0
    while at("#", offset: pounds) { pounds += 1 }
    if at("\"", offset: pounds) {
      blank {
        $0.index += pounds
        $0.skipString(pounds: pounds)
      }
    } else if at("/", offset: pounds) {
      blank { $0.skip(until: "/#", consuming: true) }
    } else {
      index += pounds
    }
  }

  private mutating func skipString(pounds: Int) {
    let isMultiline = at("\"\"\"")
    let quotes = isMultiline ? 3 : 1
    index += quotes
    while index < source.count {
      if isEnd(quotes: quotes, pounds: pounds) {
        index += quotes + pounds
        return
      }
      if at("\n") && !isMultiline { return }
      if at("\\") && isFollowedByPounds(pounds, offset: 1) {
        index += 1 + pounds
        if at("(") { skipInterpolation() } else { index += 1 }
      } else {
        index += 1
      }
    }
  }

  private func isEnd(quotes: Int, pounds: Int) -> Bool {
    (quotes == 3 ? at("\"\"\"") : at("\"")) && isFollowedByPounds(pounds, offset: quotes)
  }

  private func isFollowedByPounds(_ count: Int, offset: Int) -> Bool {
    (0..<count).allSatisfy { at("#", offset: offset + $0) }
  }

  private mutating func skipInterpolation() {
    var depth = 0
    repeat {
      if at("(") { depth += 1 }
      if at(")") { depth -= 1 }
      skipOne()
    } while depth > 0 && index < source.count
  }

  private var mayBeginExpression: Bool {
    guard index + 1 < source.count, !" \n".utf8.contains(source[index + 1]) else { return false }
    let before = source[..<index].last { $0 != UInt8(ascii: " ") }
    return before.map { "(,=:[{\n".utf8.contains($0) } ?? true
  }

  private mutating func skipExpression() {
    index += 1
    while index < source.count, !at("/"), !at("\n") { index += at("\\") ? 2 : 1 }
    index += 1
  }
}
