import TestSupport

/// The built `gatehouse`, run as its users run it.
enum Program {
  /// The path of the program.
  static func path() throws -> String { try BuiltProducts.executable("gatehouse") }

  /// The root of the repository.
  static func root() throws -> String { try BuiltProducts.repository() }

  /// A file of `deploy/examples`.
  static func example(_ name: String) throws -> String { "\(try root())/deploy/examples/\(name)" }

  /// Runs a command to its end.
  static func run(_ arguments: [String], input: String = "") throws -> ChildProcess.Output {
    try ChildProcess.run(path(), arguments, input: Array(input.utf8))
  }

  /// Runs a command line without quotes; `EXAMPLES` stands for the folder of the examples.
  static func run(line: String, input: String = "") throws -> ChildProcess.Output {
    let examples = "\(try root())/deploy/examples"
    let words = line.split(separator: " ").map { String($0).replacing("EXAMPLES", with: examples) }
    return try run(words, input: input)
  }
}
