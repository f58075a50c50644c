/// A text with actions in double braces, in the subset of Go's `text/template` that service qualities use.
///
/// The only datum is `.Result`, the message of a probe. A template that cannot be parsed, and one that fails while it runs, is an error with
/// the place in the text; what was not rendered is never used as a value.
public struct GoTemplate: Sendable {
  /// The longest text, in bytes, and the longest output: a quarter of what all annotations of an object may have.
  public static let lengthLimit = 65_536
  /// The most bytes that the functions of one rendering make in all, whether they are shown or kept: sixteen of the longest outputs.
  static let madeLimit = 16 * lengthLimit
  /// The most steps of one rendering; a loop over numbers could otherwise run for ever.
  static let stepLimit = 10_000
  /// The deepest nesting of blocks and parentheses, both of which are recursion here.
  static let depthLimit = 64

  let nodes: [TemplateNode]

  /// Parses a text; one without actions stands for itself.
  ///
  /// - Throws: ``TemplateError`` for a text that Go would refuse, that uses what the subset leaves out, or that would fail whatever the
  ///   result is: another field than `.Result`, or an argument that a comparison never takes.
  public init(_ text: String) throws(TemplateError) {
    guard text.utf8.count <= GoTemplate.lengthLimit else {
      throw TemplateError("longer than \(GoTemplate.lengthLimit) bytes", at: GoTemplate.lengthLimit)
    }
    var parser = TemplateParser(try TemplateLexer.split(text))
    nodes = try parser.parse()
  }

  /// Refuses a text that is longer than a rendering may make one.
  static func check(_ text: String) throws(TemplateError) {
    guard text.utf8.count <= lengthLimit else { throw TemplateError("output longer than \(lengthLimit) bytes") }
  }

  /// Whether a text has actions at all.
  public static func isTemplate(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "{"), previous == byte { return true }
      previous = byte
    }
    return false
  }

  /// The text for a result.
  ///
  /// - Throws: ``TemplateError`` where an action fails, or the output becomes too long.
  public func render(result: String) throws(TemplateError) -> String {
    var evaluator = TemplateEvaluator(result: result)
    return try evaluator.render(nodes)
  }
}

/// Why a template cannot be parsed or rendered.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let reason: String
  /// Where, in bytes from the start of the text; nil for what went wrong while it ran.
  public let offset: Int?

  init(_ reason: String, at offset: Int? = nil) {
    self.reason = reason
    self.offset = offset
  }

  /// The reason and the place.
  public var description: String { offset.map { "\(reason) at byte \($0)" } ?? reason }
}
