/// What a path of the API names.
enum APITarget: Sendable, Equatable {
  case version
  case health
  case openAPI
  /// `/api`: the versions of the core group.
  case coreVersions
  /// `/apis`: the named groups.
  case groups
  case group(String)
  case groupVersion(group: String, version: String)
  case resource(ResourcePath)
  case unknown

  init(_ path: [String]) {
    switch (path.first, path.count) {
    case ("version", 1): self = .version
    case ("healthz", _), ("livez", _), ("readyz", _): self = .health
    case ("openapi", 2) where path[1] == "v2": self = .openAPI
    case ("api", 1): self = .coreVersions
    case ("api", 2): self = .groupVersion(group: "", version: path[1])
    case ("api", _): self = Self.resource(group: "", version: path[1], path[2...])
    case ("apis", 1): self = .groups
    case ("apis", 2): self = .group(path[1])
    case ("apis", 3): self = .groupVersion(group: path[1], version: path[2])
    case ("apis", 4...): self = Self.resource(group: path[1], version: path[2], path[3...])
    default: self = .unknown
    }
  }

  /// Takes `namespaces/NS/PLURAL/NAME/SUB` or `PLURAL/NAME/SUB` apart; a namespace is itself an object too.
  private static func resource(group: String, version: String, _ steps: ArraySlice<String>) -> APITarget {
    var steps = Array(steps)
    var namespace: String?
    let isNamespaceItself = steps.count < 3 || (steps.count == 3 && ["status", "finalize"].contains(steps[2]))
    if steps[0] == "namespaces", !isNamespaceItself {
      namespace = steps[1]
      steps.removeFirst(2)
    }
    guard steps.count <= 3 else { return .unknown }
    return .resource(
      ResourcePath(
        group: group, version: version, namespace: namespace, plural: steps[0],
        name: steps.count > 1 ? steps[1] : nil, subresource: steps.count > 2 ? steps[2] : nil))
  }
}

/// The path of a collection, an object or a subresource.
struct ResourcePath: Sendable, Equatable {
  var group: String
  var version: String
  var namespace: String?
  var plural: String
  var name: String?
  var subresource: String?
}
