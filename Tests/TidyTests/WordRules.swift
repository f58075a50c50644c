/// Words that do not belong in a finished repository.
///
/// The words are put together here, so that this file, too, can be held to the rule.
enum WordRules {
  static let unfinished = [
    "TO" + "DO", "FIX" + "ME", "X" + "XX", "place" + "holder", "for" + " now", "not" + " implemented",
  ]
  static let machinePaths = ["/wo" + "rk/", "/w" + "t/", "/ro" + "ot/", "/opt/sw" + "ift"]
  static let outside = ".." + "/shared"
  /// What a test's set-up may look for outside the repository: a real API server.
  static let cluster = outside + "/kube"

  /// Words that a file needs in another sense.
  static let exceptions = [
    // The phrase of HTTP's status 501 (RFC 9110, section 15.6.2).
    "Sources/HTTPServer/Status.swift": "not" + " implemented",
    // The parts of a template that something takes the place of.
    "Sources/NetworkPlugins/Grammar/IDTemplate.swift": "place" + "holder",
  ]

  static func check(_ file: SourceFile) -> [Finding] {
    // The license is not ours to word; JSON is what other programs say.
    guard file.path != "LICENSE", !file.path.hasSuffix(".json"), !file.isGenerated else { return [] }
    return file.lines.enumerated().flatMap { index, line in
      check(String(line), path: file.path).map { Finding(path: file.path, line: index + 1, message: $0) }
    }
  }

  private static func check(_ line: String, path: String) -> [String] {
    var messages: [String] = []
    for word in unfinished where exceptions[path] != word && contains(line, word: word) {
      messages.append("“\(word)” marks something unfinished")
    }
    for path in machinePaths where beginsPath(line, path) {
      messages.append("\(path) is a path of one machine")
    }
    let rest = mayNameCluster(path) ? line.replacing(cluster, with: "") : line
    if rest.contains(outside) { messages.append("\(outside) is outside the repository") }
    return messages
  }

  private static func mayNameCluster(_ path: String) -> Bool {
    path == ".ci/run" || path.hasPrefix("Tests/")
  }

  /// Whole words; those in capitals exactly so, the others in any case.
  private static func contains(_ line: String, word: String) -> Bool {
    let isExact = word == word.uppercased()
    let line = isExact ? line : line.lowercased()
    return line.ranges(of: word).contains { range in
      let before = line[..<range.lowerBound].last
      let after = line[range.upperBound...].first
      return before?.isLetter != true && after?.isLetter != true
    }
  }

  /// The path begins here: it is not the inside of a longer one.
  private static func beginsPath(_ line: String, _ path: String) -> Bool {
    line.ranges(of: path).contains { range in
      guard let before = line[..<range.lowerBound].last else { return true }
      return !before.isLetter && !before.isNumber && !"/.-_}*".contains(before)
    }
  }
}
