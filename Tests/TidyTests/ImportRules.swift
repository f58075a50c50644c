/// Every `import` below `Sources/` follows an arrow.
enum ImportRules {
  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, let target = file.target else { return [] }
    guard let allowed = Architecture.arrows[target] else {
      return [Finding(path: file.path, line: 0, message: "no target \(target) in the table of arrows")]
    }
    return imports(of: file).compactMap { line, module in
      let isKnown = allowed.contains(module) || Architecture.everywhere.contains(module)
      guard isKnown, isInItsFolder(module, file, target) else {
        return Finding(path: file.path, line: line, message: "\(target) may not import \(module)")
      }
      return nil
    }
  }

  private static func isInItsFolder(_ module: String, _ file: SourceFile, _ target: String) -> Bool {
    Architecture.folders.allSatisfy {
      $0.target != target || $0.module != module || file.path.hasPrefix($0.path)
    }
  }

  /// The modules that a file imports, with the lines where it does.
  static func imports(of file: SourceFile) -> [(line: Int, module: String)] {
    let pattern = /(?:^|[\s;])import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Za-z_]\w*)/
    return file.code.enumerated().flatMap { index, line in
      line.matches(of: pattern).map { (index + 1, String($0.1)) }
    }
  }

  /// The targets that import each C shim; anything but the one of the table is a finding, and so is nobody
  /// once the target has real sources.
  static func shimImporters(_ files: [SourceFile]) -> [Finding] {
    var importers: [String: Set<String>] = [:]
    for file in files {
      guard let target = file.target else { continue }
      for (_, module) in imports(of: file) where Architecture.shims[module] != nil {
        importers[module, default: []].insert(target)
      }
    }
    return importers.sorted { $0.key < $1.key }.compactMap { module, targets in
      guard let owner = Architecture.shims[module], targets != [owner] else { return nil }
      return Finding(
        path: "Sources/\(module)", line: 0,
        message: "imported by \(targets.sorted().joined(separator: ", ")); only \(owner) may")
    }
  }
}
