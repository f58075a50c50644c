/// Finds functions, initializers, subscripts and computed properties, from their keyword to their last brace.
///
/// Works on blanked code. A declaration without a body, as in a protocol, ends at the next declaration or brace.
struct FunctionScanner {
  struct Function: Equatable {
    let keyword: String
    /// The line of the keyword, from 1.
    let line: Int
    let lineCount: Int
  }

  private struct Token {
    let text: Substring
    let line: Int
  }

  private static let keywords: Set<Substring> = ["func", "init", "deinit", "subscript", "var"]
  private static let otherDeclarations: Set<Substring> = [
    "let", "case", "struct", "class", "enum", "extension", "protocol", "actor", "typealias", "associatedtype", "import",
  ]

  private let tokens: [Token]

  init(lines: [String]) {
    let pattern = /[A-Za-z_`$][A-Za-z0-9_`$]*|==|[-{}()\[\].=]/
    tokens = lines.enumerated().flatMap { index, line in
      line.matches(of: pattern).map { Token(text: $0.0, line: index + 1) }
    }
  }

  func functions() -> [Function] {
    tokens.indices.compactMap { start in
      guard Self.keywords.contains(tokens[start].text), start == 0 || tokens[start - 1].text != ".",
        let open = bodyStart(from: start), let close = closingBrace(from: open)
      else { return nil }
      let first = tokens[start].line
      return Function(
        keyword: String(tokens[start].text), line: first, lineCount: tokens[close].line - first + 1)
    }
  }

  /// The brace that opens the body of the declaration that begins at `start`.
  private func bodyStart(from start: Int) -> Int? {
    let isVariable = tokens[start].text == "var"
    var depth = 0
    for index in tokens.indices[(start + 1)...] {
      let text = tokens[index].text
      switch text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return index
      case "}" where depth == 0: return nil
      // What is assigned to a variable is not its accessor, and its type does not go past its line.
      case "=" where isVariable && depth == 0: return nil
      default:
        if depth < 0 || (isVariable && depth == 0 && tokens[index].line != tokens[index - 1].line) { return nil }
        // An operator's own name may be of these characters; a name never is a keyword.
        if depth == 0, Self.keywords.contains(text) || Self.otherDeclarations.contains(text) { return nil }
      }
    }
    return nil
  }

  private func closingBrace(from open: Int) -> Int? {
    var depth = 0
    for index in tokens.indices[open...] {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }
}
