/// A file of the user that cannot be used: where the trouble stands, and what to do about it.
struct InputError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as the user named it, or as it was found below the folder that the user named.
  let file: String
  /// The line, counted from 1, where the trouble has a place.
  let line: Int?
  /// What is wrong and what would be right.
  let problem: String

  init(_ file: String, line: Int? = nil, _ problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  var description: String { line.map { "\(file):\($0): \(problem)" } ?? "\(file): \(problem)" }
}
