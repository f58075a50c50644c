/// One breach of a rule, as a reader can go to it.
struct Finding: Equatable, CustomStringConvertible {
  let path: String
  /// From 1; 0 stands for the file as a whole.
  let line: Int
  let message: String

  var description: String {
    "\(path):\(line): \(message)"
  }
}

extension [Finding] {
  /// The findings, one a line, for a test's message.
  var list: String {
    map(\.description).joined(separator: "\n")
  }
}
