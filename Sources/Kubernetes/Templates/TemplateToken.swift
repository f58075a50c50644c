/// A word of an action.
struct TemplateToken: Equatable {
  enum Kind: Equatable {
    case leftParenthesis, rightParenthesis, pipe, comma, assign, declare
    case dot
    /// `.Name`.
    case field(String)
    /// `$name`, or `$` alone with an empty name.
    case variable(String)
    /// A function or a keyword.
    case word(String)
    case literal(TemplateValue)
    case null
  }

  let kind: Kind
  /// Where it starts, in bytes of the whole text.
  let offset: Int
  /// Whether white space stands before it; arguments are told apart by that.
  let isSpaced: Bool
}

/// A stretch of a template: text to copy, or the words of one action.
enum TemplatePiece: Equatable {
  case text(String)
  case action([TemplateToken], offset: Int)
}
