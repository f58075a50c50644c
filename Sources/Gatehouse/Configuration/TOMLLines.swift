/// Finds the line of a key in a TOML text, which the parser does not tell for values.
enum TOMLLines {
  /// The line of a full key such as `kubernetes.hostPort.min_port`; nil where it is written in a way that is not looked for.
  static func line(of key: String, in text: String) -> Int? {
    var section = ""
    for (position, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let bare = line.prefix { $0 != "#" }.filter { !" \t\r\"'".contains($0) }
      if bare.hasPrefix("["), bare.hasSuffix("]") {
        section = String(bare.drop { $0 == "[" }.prefix { $0 != "]" })
        if section == key { return position + 1 }
      } else if let equals = bare.firstIndex(of: "=") {
        let name = bare[..<equals]
        let full = section.isEmpty ? String(name) : "\(section).\(name)"
        if full == key || key.hasPrefix(full + ".") { return position + 1 }
      }
    }
    return nil
  }
}
