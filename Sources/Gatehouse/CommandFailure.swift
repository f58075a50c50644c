/// Input that a command cannot use; the process ends with code 2 after the message went to standard error.
struct CommandFailure: Error, CustomStringConvertible {
  /// What could not be used, where it stands, and what to do about it.
  let description: String

  init(_ description: String) { self.description = description }
}

/// The codes with which a command ends.
enum ExitStatus {
  /// The command did what it was asked, and the answer is no: a refused object, a manifest with errors.
  static let refused: Int32 = 1
  /// The command could not be done as asked: wrong arguments, unreadable files, a port in use.
  static let unusable: Int32 = 2
}
