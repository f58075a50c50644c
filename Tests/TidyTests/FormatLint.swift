import TestSupport

/// The formatter of the toolchain, as a judge only.
enum FormatLint {
  static func run(_ arguments: [String], in directory: String) throws -> ChildProcess.Output {
    try ChildProcess.run(
      "swift", ["format", "lint", "--strict", "--parallel"] + arguments, directory: directory, within: .seconds(300))
  }
}
