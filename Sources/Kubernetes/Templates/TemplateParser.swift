/// Turns pieces into nodes and checks everything that does not depend on the result.
struct TemplateParser {
  private let pieces: [TemplatePiece]
  private var place = 0
  private var depth = 0
  /// The variables that are visible; `$` is the data.
  private var variables = [""]

  /// How a list of nodes ended.
  private enum Ending {
    case text
    case end
    case otherwise([TemplateToken], offset: Int)
  }

  init(_ pieces: [TemplatePiece]) { self.pieces = pieces }

  /// The nodes of the whole text.
  mutating func parse() throws(TemplateError) -> [TemplateNode] {
    let (nodes, ending, offset) = try list()
    switch ending {
    case .text: return nodes
    case .end: throw TemplateError("unexpected {{end}}", at: offset)
    case .otherwise: throw TemplateError("unexpected {{else}}", at: offset)
    }
  }

  private mutating func list() throws(TemplateError) -> ([TemplateNode], Ending, Int?) {
    var nodes: [TemplateNode] = []
    while place < pieces.count {
      let piece = pieces[place]
      place += 1
      switch piece {
      case .text(let text): nodes.append(.text(text))
      case .action(let tokens, let offset):
        guard let first = tokens.first else { throw TemplateError("missing value for command", at: offset) }
        switch first.kind {
        case .word("end"):
          guard tokens.count == 1 else { throw TemplateError("unexpected words in {{end}}", at: tokens[1].offset) }
          return (nodes, .end, offset)
        case .word("else"): return (nodes, .otherwise(Array(tokens.dropFirst()), offset: offset), offset)
        default: nodes.append(try node(tokens, first, offset))
        }
      }
    }
    return (nodes, .text, nil)
  }

  private mutating func node(
    _ tokens: [TemplateToken], _ first: TemplateToken, _ offset: Int
  ) throws(TemplateError) -> TemplateNode {
    guard case .word(let word) = first.kind else { return .action(try pipeline(tokens[...], offset)) }
    switch word {
    case "if": return try block(word, tokens.dropFirst(), offset)
    case "with", "range": return try block(word, tokens.dropFirst(), offset)
    case "define", "template", "block", "break", "continue":
      throw TemplateError("{{\(word)}} is not supported", at: offset)
    default: return .action(try pipeline(tokens[...], offset))
    }
  }

  /// A block with its branches up to its `{{end}}`.
  private mutating func block(
    _ word: String, _ head: ArraySlice<TemplateToken>, _ offset: Int
  ) throws(TemplateError) -> TemplateNode {
    try descend(offset)
    let visible = variables.count
    defer {
      depth -= 1
      variables.removeSubrange(visible...)
    }
    let pipeline = try pipeline(head, offset, inRange: word == "range")
    let (body, ending, _) = try list()
    var otherwise: [TemplateNode] = []
    switch ending {
    case .text: throw TemplateError("{{\(word)}} without {{end}}", at: offset)
    case .end: break
    case .otherwise(let tokens, let place): otherwise = try branch(word, tokens, place)
    }
    return switch word {
    case "if": .condition(pipeline, then: body, otherwise: otherwise)
    case "with": .with(pipeline, then: body, otherwise: otherwise)
    default: .range(pipeline, body: body, otherwise: otherwise)
    }
  }

  /// What follows an `{{else}}`: the other branch up to `{{end}}`, or another condition that shares it.
  private mutating func branch(
    _ word: String, _ tokens: [TemplateToken], _ offset: Int
  ) throws(TemplateError) -> [TemplateNode] {
    if let first = tokens.first {
      guard first.kind == .word("if"), word == "if" else {
        throw TemplateError("unexpected words in {{else}}", at: first.offset)
      }
      return [try block("if", tokens.dropFirst(), offset)]
    }
    let (nodes, ending, place) = try list()
    switch ending {
    case .end: return nodes
    case .text: throw TemplateError("{{else}} without {{end}}", at: offset)
    case .otherwise: throw TemplateError("a second {{else}}", at: place)
    }
  }

  private mutating func descend(_ offset: Int) throws(TemplateError) {
    depth += 1
    guard depth <= GoTemplate.depthLimit else { throw TemplateError("nested too deeply", at: offset) }
  }
}

extension TemplateParser {
  private mutating func pipeline(
    _ tokens: ArraySlice<TemplateToken>, _ offset: Int, inRange: Bool = false
  ) throws(TemplateError) -> TemplatePipeline {
    var words = TemplateWords(tokens, offset)
    let declaration = try declaration(&words, inRange: inRange)
    var pipeline = try commands(&words, declaration)
    if let left = words.next() { throw TemplateError("unexpected word", at: left.offset) }
    if !declaration.isAssignment { variables += declaration.variables }
    pipeline.variables = declaration.variables
    return pipeline
  }

  /// The variables before `:=` or `=`, where there are any.
  private func declaration(
    _ words: inout TemplateWords, inRange: Bool
  ) throws(TemplateError) -> TemplatePipeline {
    var declared = TemplatePipeline()
    var rest = words
    while case .variable(let name)? = rest.peek?.kind {
      let offset = rest.next()?.offset
      declared.variables.append(name)
      switch rest.peek?.kind {
      case .comma? where inRange && declared.variables.count == 1: _ = rest.next()
      case .declare?, .assign?:
        declared.isAssignment = rest.next()?.kind == .assign
        if declared.isAssignment, let name = declared.variables.first(where: { !variables.contains($0) }) {
          throw TemplateError("undefined variable $\(name)", at: offset)
        }
        words = rest
        return declared
      default: return TemplatePipeline()
      }
    }
    return TemplatePipeline()
  }

  private mutating func commands(
    _ words: inout TemplateWords, _ declared: TemplatePipeline
  ) throws(TemplateError) -> TemplatePipeline {
    var pipeline = declared
    repeat {
      let offset = words.offset
      let operands = try operands(&words)
      guard let first = operands.first else { throw TemplateError("missing value for command", at: offset) }
      let isPiped = !pipeline.commands.isEmpty
      if isPiped, !first.canTakeArguments { throw TemplateError("a value cannot take what is piped to it", at: offset) }
      try check(operands, first, isPiped, offset)
      pipeline.commands.append(TemplateCommand(operands: operands))
    } while words.take(.pipe)
    return pipeline
  }

  private mutating func operands(_ words: inout TemplateWords) throws(TemplateError) -> [TemplateOperand] {
    var operands: [TemplateOperand] = []
    while let word = words.peek {
      switch word.kind {
      case .pipe, .rightParenthesis: return operands
      default: break
      }
      guard operands.isEmpty || word.isSpaced || word.kind == .leftParenthesis else {
        throw TemplateError("missing space before an argument", at: word.offset)
      }
      operands.append(try operand(&words))
    }
    return operands
  }

  private mutating func operand(_ words: inout TemplateWords) throws(TemplateError) -> TemplateOperand {
    guard let word = words.next() else { throw TemplateError("missing value", at: words.offset) }
    var operand: TemplateOperand
    switch word.kind {
    case .literal(let value): return .literal(value)
    case .null: return .null
    case .word(let name):
      guard let function = TemplateFunction(rawValue: name) else {
        throw TemplateError("function \"\(name)\" not defined", at: word.offset)
      }
      return .function(function)
    case .dot: return .dot
    case .field(let name): operand = .fields(.dot, [try field(name, word.offset)])
    case .variable(let name):
      guard variables.contains(name) else { throw TemplateError("undefined variable $\(name)", at: word.offset) }
      operand = .variable(name)
    case .leftParenthesis:
      try descend(word.offset)
      defer { depth -= 1 }
      operand = .pipeline(try commands(&words, TemplatePipeline()))
      guard words.take(.rightParenthesis) else { throw TemplateError("unclosed parenthesis", at: word.offset) }
    case .rightParenthesis, .pipe, .comma, .assign, .declare:
      throw TemplateError("unexpected punctuation", at: word.offset)
    }
    var names: [String] = []
    while let next = words.peek, !next.isSpaced, case .field(let name) = next.kind {
      names.append(try field(name, next.offset))
      _ = words.next()
    }
    if case .fields(let base, let first) = operand { return .fields(base, first + names) }
    return names.isEmpty ? operand : .fields(operand, names)
  }

  /// The data has one field; any other fails whenever it is read.
  private func field(_ name: String, _ offset: Int) throws(TemplateError) -> String {
    guard name == TemplateEvaluator.field else {
      throw TemplateError("unknown field .\(name), the only one is .\(TemplateEvaluator.field)", at: offset)
    }
    return name
  }

  /// Refuses commands that fail whatever the result is.
  private func check(
    _ operands: [TemplateOperand], _ first: TemplateOperand, _ isPiped: Bool, _ offset: Int
  ) throws(TemplateError) {
    guard case .function(let function) = first else {
      if case .null = first { throw TemplateError("nil is not a command", at: offset) }
      guard operands.count == 1, !isPiped else {
        throw TemplateError("a value that is no function has arguments", at: offset)
      }
      return
    }
    let count = operands.count - 1 + (isPiped ? 1 : 0)
    guard function.arity.contains(count) else {
      throw TemplateError("\(function.rawValue) got \(count) argument(s), which is the wrong number", at: offset)
    }
    guard function.isOrdering else { return }
    for case .literal(let value) in operands.dropFirst() {
      guard case .string = value else {
        throw TemplateError("\(function.rawValue) compares strings: write \"\(value.text)\" in quotes", at: offset)
      }
    }
  }
}

extension TemplateOperand {
  /// Whether what is piped to it can be its argument.
  fileprivate var canTakeArguments: Bool {
    if case .function = self { true } else { false }
  }
}

/// The words of one action, read from front to back.
struct TemplateWords {
  private var tokens: ArraySlice<TemplateToken>
  private let start: Int

  init(_ tokens: ArraySlice<TemplateToken>, _ offset: Int) {
    self.tokens = tokens
    start = offset
  }

  /// The next word.
  var peek: TemplateToken? { tokens.first }
  /// Where the next word is, or the action where there is none.
  var offset: Int { tokens.first?.offset ?? start }

  /// Takes the next word.
  mutating func next() -> TemplateToken? { tokens.popFirst() }

  /// Takes the next word where it is of a kind.
  mutating func take(_ kind: TemplateToken.Kind) -> Bool {
    guard tokens.first?.kind == kind else { return false }
    tokens.removeFirst()
    return true
  }
}
