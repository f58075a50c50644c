import Yams

/// Weighs what the aliases of a YAML text grow to, before the parser follows any of them.
///
/// The parser compares map keys by all that is in them, so an alias of aliases of aliases that serves as a key costs exponential time before
/// anybody can look. Here the text is parsed with its aliases as plain words first: what they stand for is only counted.
struct AliasWeight {
  /// Stands for the star of an alias; a character that nobody has a use for (U+E000, private use).
  private static let star: Character = "\u{E000}"

  private let file: String
  /// What each anchor holds: values and levels, all aliases followed.
  private var anchors: [String: (values: Int, depth: Int)] = [:]
  private var total = 0

  /// Refuses a text that grows past the limits of a manifest.
  ///
  /// - Throws: ``InputError`` for such a text; what the parser says of a text that is no YAML.
  static func check(_ text: String, file: String) throws {
    // Without an anchor and an alias nothing grows.
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
    let plain = String(text.map { $0 == "*" ? star : $0 })
    let parser = try Parser(yaml: plain, resolver: .basic, constructor: Constructor([:], [:], [:]), encoding: .utf8)
    var weight = AliasWeight(file: file)
    while let root = try parser.nextRoot() {
      weight.total += try weight.measure(root).values
      try weight.limit(weight.total, depth: 0, root)
    }
  }

  private init(file: String) { self.file = file }

  private mutating func measure(_ node: Node) throws(InputError) -> (values: Int, depth: Int) {
    var (values, depth) = (1, 1)
    switch node {
    case .scalar(let scalar):
      let isAlias = scalar.style == .plain && scalar.string.first == Self.star
      if isAlias, let known = anchors[String(scalar.string.dropFirst())] { (values, depth) = known }
    case .sequence(let sequence): for element in sequence { try add(element, &values, &depth) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        try add(key, &values, &depth)
        try add(value, &values, &depth)
      }
    case .alias: break
    }
    try limit(values, depth: depth, node)
    if let name = node.anchor?.rawValue { anchors[name] = (values, depth) }
    return (values, depth)
  }

  private mutating func add(_ node: Node, _ values: inout Int, _ depth: inout Int) throws(InputError) {
    let part = try measure(node)
    values += part.values
    depth = max(depth, part.depth + 1)
    try limit(values, depth: depth, node)
  }

  private func limit(_ values: Int, depth: Int, _ node: Node) throws(InputError) {
    guard values <= ManifestLimits.yamlValues, depth <= ManifestLimits.depth else {
      throw InputError(
        file, line: node.mark?.line,
        "grows past \(ManifestLimits.yamlValues) values or \(ManifestLimits.depth) levels when its aliases are followed; "
          + "write the values out")
    }
  }
}
