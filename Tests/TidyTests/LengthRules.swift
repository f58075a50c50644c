/// Files and functions that grew past what one idea needs.
enum LengthRules {
  static let maximumFileLines = 400
  static let maximumFunctionLines = 70

  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, !file.isGenerated else { return [] }
    return fileLength(file) + functionLengths(file)
  }

  private static func fileLength(_ file: SourceFile) -> [Finding] {
    // A last line feed ends a line and begins none.
    let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    guard count > maximumFileLines else { return [] }
    return [Finding(path: file.path, line: 0, message: "\(count) lines; at most \(maximumFileLines)")]
  }

  private static func functionLengths(_ file: SourceFile) -> [Finding] {
    FunctionScanner(lines: file.code).functions().compactMap { function in
      guard function.lineCount > maximumFunctionLines else { return nil }
      return Finding(
        path: file.path, line: function.line,
        message: "\(function.keyword) of \(function.lineCount) lines; at most \(maximumFunctionLines)")
    }
  }
}
