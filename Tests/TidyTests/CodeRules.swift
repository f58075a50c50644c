/// Constructs that the project does without.
enum CodeRules {
  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, !file.isGenerated else { return [] }
    return forcedTries(file) + promises(file) + unstructuredTasks(file)
  }

  private static func forcedTries(_ file: SourceFile) -> [Finding] {
    file.findings(in: file.code, /\btry!/) { _ in "an error is thrown on or handled, not trapped" }
  }

  /// A promise that the compiler does not check says why it holds, on its line, in the comment above or on the line below.
  private static func promises(_ file: SourceFile) -> [Finding] {
    file.findings(in: file.code, /@(unchecked|safe)\b/) { "\($0) without a line `// Safe because …`" }
      .filter { !hasReason(file, $0.line - 1) }
  }

  private static func hasReason(_ file: SourceFile, _ index: Int) -> Bool {
    let above = file.lines[..<index].reversed().prefix { line in
      line.firstMatch(of: /^\s*(\/\/|@)/) != nil
    }
    return (file.lines[index...].prefix(2) + above).contains { $0.contains("// Safe because ") }
  }

  /// A task that nobody waits for is started only where the program is wired together.
  private static func unstructuredTasks(_ file: SourceFile) -> [Finding] {
    guard let target = file.target, target != "Gatehouse" else { return [] }
    return file.findings(in: file.code, /\bTask(\.detached)?\s*(\([^)]*\)\s*)?\{/) { _ in
      "an unstructured task outside Sources/Gatehouse"
    }
  }
}
