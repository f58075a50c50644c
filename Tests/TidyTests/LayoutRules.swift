/// Where files may lie.
enum LayoutRules {
  /// Names at the root that the layout does not have.
  static func topLevel(_ paths: [String]) -> [Finding] {
    let names = Set(paths.compactMap { $0.split(separator: "/").first.map(String.init) })
    return names.subtracting(Architecture.topLevel).sorted().map {
      Finding(path: $0, line: 0, message: "the root of the repository holds nothing of this name")
    }
  }

  /// Folders below `Sources/` that are no target.
  static func targets(_ paths: [String]) -> [Finding] {
    let known = Set(Architecture.arrows.keys).union(Architecture.shims.keys)
    let names = Set(paths.filter { $0.hasPrefix("Sources/") }.map { String($0.split(separator: "/")[1]) })
    return names.subtracting(known).sorted().map {
      Finding(path: "Sources/\($0)", line: 0, message: "not a target of the table of arrows")
    }
  }
}
