/// `Package.swift` names no package and no dependency that the table does not have.
enum ManifestRules {
  /// How the manifest calls the products of other packages.
  private static let products = [
    "logging": "Logging", "argumentParser": "ArgumentParser", "yams": "Yams", "toml": "TOMLKit",
    "protobuf": "SwiftProtobuf",
  ]

  static func check(_ manifest: String) -> [Finding] {
    packages(manifest) + targets(manifest)
  }

  private static func packages(_ manifest: String) -> [Finding] {
    let urls = manifest.matches(of: /\.package\(\s*(\w+):\s*"([^"]*)"/).map { ($0.1, String($0.2)) }
    return urls.compactMap { kind, url in
      kind == "url" && Architecture.packages.contains(url)
        ? nil : finding("package \(url) is not one of those agreed on")
    }
  }

  private static func targets(_ manifest: String) -> [Finding] {
    var seen: Set<String> = []
    var findings: [Finding] = []
    let pattern = /(?:library|executable)\(\s*"(\w+)"(?:\s*,\s*\[([^\]]*)\])?/
    for match in manifest.matches(of: pattern) {
      let name = String(match.1)
      seen.insert(name)
      findings += excess(of: name, dependencies(in: String(match.2 ?? "")))
    }
    // A target declared in another way would escape the table.
    let missing = Set(Architecture.arrows.keys).subtracting(seen).sorted()
    findings += missing.map { finding("target \($0) is not declared with library(…) or executable(…)") }
    return findings
  }

  private static func dependencies(in list: String) -> [String] {
    list.matches(of: /"(\w+)"|(\w+)/).map { match in
      if let name = match.1 { return String(name) }
      let word = String(match.2 ?? "")
      return products[word] ?? word
    }
  }

  private static func excess(of target: String, _ dependencies: [String]) -> [Finding] {
    guard let allowed = Architecture.arrows[target] else {
      return [finding("no target \(target) in the table of arrows")]
    }
    return Set(dependencies).subtracting(allowed).sorted().map { finding("\(target) may not depend on \($0)") }
  }

  private static func finding(_ message: String) -> Finding {
    Finding(path: "Package.swift", line: 0, message: message)
  }
}
