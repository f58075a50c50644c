/// A part of a parsed template.
indirect enum TemplateNode: Sendable {
  case text(String)
  /// An action whose value is printed, unless it sets a variable.
  case action(TemplatePipeline)
  case condition(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
  case with(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
  case range(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
}

/// Commands of which each gets the value of the one before as its last argument.
struct TemplatePipeline: Sendable {
  /// The variables that get the value; two only in `range`.
  var variables: [String] = []
  /// Whether the variables are there already.
  var isAssignment = false
  var commands: [TemplateCommand] = []
}

/// A value, or a function with its arguments.
struct TemplateCommand: Sendable {
  var operands: [TemplateOperand]
}

/// A word of a command.
indirect enum TemplateOperand: Sendable {
  case literal(TemplateValue)
  case null
  case dot
  case variable(String)
  case function(TemplateFunction)
  case pipeline(TemplatePipeline)
  /// Fields of a value, from the outermost on.
  case fields(TemplateOperand, [String])
}

/// The functions that a template may call.
enum TemplateFunction: String, Sendable, CaseIterable {
  case and, or, not, len, index, slice, print, printf, println, html, js, urlquery, call
  case eq, ne, lt, le, gt, ge

  /// How many arguments it takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .eq, .ne, .lt, .le, .gt, .ge: 2...2
    case .not, .len: 1...1
    case .and, .or, .index, .printf, .call: 1...Int.max
    case .slice: 1...4
    case .print, .println, .html, .js, .urlquery: 0...Int.max
    }
  }

  /// Whether it compares by order, which only takes strings.
  var isOrdering: Bool {
    switch self {
    case .lt, .le, .gt, .ge: true
    default: false
    }
  }
}
