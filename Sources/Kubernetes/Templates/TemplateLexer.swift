/// Cuts a template into text and actions, and actions into words.
struct TemplateLexer {
  private let bytes: [UInt8]
  private var place = 0

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The pieces of a text; comments are gone, and trim markers have done their work.
  static func split(_ text: String) throws(TemplateError) -> [TemplatePiece] {
    var lexer = TemplateLexer(text)
    return try lexer.pieces()
  }

  private mutating func pieces() throws(TemplateError) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var trimsNext = false
    while place < bytes.count {
      let start = place
      while place < bytes.count, !isAt("{{") { place += 1 }
      var text = bytes[start..<place]
      if trimsNext { text = text.drop(while: TemplateLexer.isSpace) }
      let isAction = place < bytes.count
      let opening = place
      if isAction {
        place += 2
        // A marker needs its space: `{{-3}}` is a number.
        if isAt("-"), place + 1 < bytes.count, TemplateLexer.isSpace(bytes[place + 1]) {
          place += 2
          while let last = text.last, TemplateLexer.isSpace(last) { text.removeLast() }
        }
      }
      if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
      guard isAction else { break }
      if isAt("/*") {
        try skipComment(opening)
        trimsNext = try close(opening)
      } else {
        let tokens = try action(opening)
        trimsNext = try close(opening)
        pieces.append(.action(tokens, offset: opening))
      }
    }
    return pieces
  }

  private mutating func skipComment(_ opening: Int) throws(TemplateError) {
    while place < bytes.count, !isAt("*/") { place += 1 }
    guard place < bytes.count else { throw TemplateError("comment without end", at: opening) }
    place += 2
    guard isAtEnd else { throw TemplateError("comment that does not end at the closing braces", at: opening) }
  }

  /// Whether the closing braces stand here, with a trim marker before them or without.
  private var isAtEnd: Bool { isAt("}}") || isAtTrimmedEnd }

  private var isAtTrimmedEnd: Bool {
    place < bytes.count && TemplateLexer.isSpace(bytes[place]) && hasBytes("-}}", at: place + 1)
  }

  /// Steps over the closing braces and answers whether the text behind them is to be trimmed.
  private mutating func close(_ opening: Int) throws(TemplateError) -> Bool {
    if isAt("}}") {
      place += 2
      return false
    }
    guard isAtTrimmedEnd else { throw TemplateError("action without closing braces", at: opening) }
    place += 4
    return true
  }

  private mutating func action(_ opening: Int) throws(TemplateError) -> [TemplateToken] {
    var tokens: [TemplateToken] = []
    var isSpaced = true
    while place < bytes.count, !isAtEnd {
      if TemplateLexer.isSpace(bytes[place]) {
        place += 1
        isSpaced = true
        continue
      }
      let start = place
      tokens.append(TemplateToken(kind: try token(), offset: start, isSpaced: isSpaced))
      isSpaced = false
    }
    guard place < bytes.count else { throw TemplateError("action without closing braces", at: opening) }
    return tokens
  }

  private mutating func token() throws(TemplateError) -> TemplateToken.Kind {
    let byte = bytes[place]
    switch byte {
    case UInt8(ascii: "("): return single(.leftParenthesis)
    case UInt8(ascii: ")"): return single(.rightParenthesis)
    case UInt8(ascii: "|"): return single(.pipe)
    case UInt8(ascii: ","): return single(.comma)
    case UInt8(ascii: "="): return single(.assign)
    case UInt8(ascii: ":"):
      guard isAt(":=") else { throw TemplateError("expected :=", at: place) }
      place += 2
      return .declare
    case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "'"):
      var literal = TemplateLiteral(bytes, at: place)
      defer { place = literal.place }
      return .literal(try literal.quoted())
    case UInt8(ascii: "$"):
      place += 1
      return .variable(name())
    case UInt8(ascii: "."): return try dotted()
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .literal(try number())
    default: return try word()
    }
  }

  private mutating func single(_ kind: TemplateToken.Kind) -> TemplateToken.Kind {
    place += 1
    return kind
  }

  private mutating func dotted() throws(TemplateError) -> TemplateToken.Kind {
    if place + 1 < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place + 1] {
      return .literal(try number())
    }
    place += 1
    let name = name()
    return name.isEmpty ? .dot : .field(name)
  }

  private mutating func number() throws(TemplateError) -> TemplateValue {
    var literal = TemplateLiteral(bytes, at: place)
    defer { place = literal.place }
    return try literal.number()
  }

  private mutating func word() throws(TemplateError) -> TemplateToken.Kind {
    let start = place
    let name = name()
    switch name {
    case "": throw TemplateError("unexpected \(character(at: start)) in action", at: start)
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "nil": return .null
    default: return .word(name)
    }
  }

  /// Letters, digits and underscores from here on.
  private mutating func name() -> String {
    let start = place
    while place < bytes.count, TemplateLexer.isWord(bytes[place]) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private func character(at start: Int) -> String {
    String(decoding: bytes[start...].prefix(4), as: UTF8.self).first.map { "\"\($0)\"" } ?? "end"
  }

  private func isAt(_ text: String) -> Bool { hasBytes(text, at: place) }

  private func hasBytes(_ text: String, at start: Int) -> Bool {
    start + text.utf8.count <= bytes.count && bytes[start...].starts(with: text.utf8)
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  /// Letters of any script belong to names in Go; their bytes are all above ASCII.
  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
