/// A file of the repository as the rules read it.
struct SourceFile: Sendable {
  /// From the root of the repository.
  let path: String
  let lines: [Substring]
  /// Of a Swift file: the lines with the contents of comments, strings and regular expressions blanked.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard path.hasSuffix(".swift") else {
      code = []
      return
    }
    var blanker = CodeBlanker(text)
    code = blanker.blanked().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// Written by `protoc`, not by a person.
  var isGenerated: Bool { path.hasSuffix(".pb.swift") }

  /// The target that a file below `Sources/` is part of.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// A finding for each line of `lines` that matches.
  func findings(
    in lines: [some StringProtocol], _ pattern: Regex<some Any>, _ message: (Substring) -> String
  ) -> [Finding] {
    lines.enumerated().compactMap { index, line in
      String(line).firstMatch(of: pattern).map {
        Finding(
          path: path, line: index + 1, message: message(line[...].isEmpty ? "" : Substring(String(line)[$0.range])))
      }
    }
  }
}
