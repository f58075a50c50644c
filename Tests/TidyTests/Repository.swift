import Foundation
import TestSupport

/// The files of this repository: what git has, and what it would take.
struct Repository: Sendable {
  /// Read once: all rules look at the same files.
  static let current = Result { try Repository() }

  let root: String
  let paths: [String]
  /// Those that are text.
  let files: [SourceFile]

  private init() throws {
    let root = try BuiltProducts.repository()
    let output = try ChildProcess.run(
      // The owner of the folder may be another user, as in a container; reading the list does no harm.
      "git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], directory: root
    )
    guard output.exit == .code(0) else {
      throw ChildProcess.Failure(description: "the list of files comes from git: \(output.standardError)")
    }
    self.root = root
    paths = output.standardOutput.split(separator: "\0").map(String.init)
      .filter { FileManager.default.fileExists(atPath: "\(root)/\($0)") }.sorted()
    files = try paths.compactMap { path in
      let bytes = try Data(contentsOf: URL(filePath: "\(root)/\(path)"))
      return String(data: bytes, encoding: .utf8).map { SourceFile(path: path, text: $0) }
    }
  }
}
