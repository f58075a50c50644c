import JSON
import Kubernetes

/// The documents from which clients learn what the server serves.
struct Discovery: Sendable {
  let definitions: [ResourceDefinition]

  /// The version that the simulation behaves like: native sidecars, apply and everything that the product asks for.
  static let version: JSONValue = [
    "major": "1", "minor": "33", "gitVersion": "v1.33.0-simulated", "gitCommit": "", "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none", "compiler": "swift", "platform": "linux/amd64",
  ]

  /// `/api`.
  static let coreVersions: JSONValue = [
    "kind": "APIVersions", "versions": ["v1"],
    "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:0"]],
  ]

  /// `/apis`.
  var groups: JSONValue {
    let names = Set(definitions.map(\.resource.group)).union(Set(AccessReviews.groups)).subtracting([""])
    return [
      "kind": "APIGroupList", "apiVersion": "v1", "groups": .array(names.sorted().compactMap(group)),
    ]
  }

  /// `/apis/GROUP` without `kind` and `apiVersion`, as the list of groups has it.
  func group(_ name: String) -> JSONValue? {
    var versions = Set(definitions.filter { $0.resource.group == name }.map(\.resource.version)).sorted {
      (Self.maturity($0), $0) > (Self.maturity($1), $1)
    }
    if AccessReviews.groups.contains(name) { versions = ["v1"] }
    let entries = versions.map { version -> JSONValue in
      ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
    }
    guard let preferred = entries.first else { return nil }
    return ["name": .string(name), "versions": .array(entries), "preferredVersion": preferred]
  }

  /// Released versions are preferred over beta, and those over alpha (Kubernetes, "Version priority").
  private static func maturity(_ version: String) -> Int {
    version.contains("alpha") ? 0 : version.contains("beta") ? 1 : 2
  }

  /// `/api/v1` and `/apis/GROUP/VERSION`.
  func resources(group: String, version: String) -> JSONValue? {
    let found = definitions.filter { $0.resource.group == group && $0.resource.version == version }
    let list = found.flatMap(entries) + (version == "v1" ? AccessReviews.resources(group) : [])
    guard !list.isEmpty else { return nil }
    return [
      "kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"), "resources": .array(list),
    ]
  }

  private func entries(_ definition: ResourceDefinition) -> [JSONValue] {
    let resource = definition.resource
    var entry: JSONValue = [
      "name": .string(resource.plural), "singularName": .string(definition.singular),
      "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
      "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    ]
    if !definition.shortNames.isEmpty { entry["shortNames"] = .array(definition.shortNames.map(JSONValue.string)) }
    if !definition.categories.isEmpty { entry["categories"] = .array(definition.categories.map(JSONValue.string)) }
    return [entry] + subresources(definition)
  }

  private func subresources(_ definition: ResourceDefinition) -> [JSONValue] {
    func entry(_ name: String, _ kind: String, _ apiVersion: (group: String, version: String)?, _ verbs: [JSONValue])
      -> JSONValue
    {
      var entry: JSONValue = [
        "name": .string("\(definition.resource.plural)/\(name)"), "singularName": "",
        "namespaced": .bool(definition.resource.isNamespaced), "kind": .string(kind), "verbs": .array(verbs),
      ]
      if let apiVersion {
        entry["group"] = .string(apiVersion.group)
        entry["version"] = .string(apiVersion.version)
      }
      return entry
    }
    var list: [JSONValue] = []
    if definition.hasStatus { list.append(entry("status", definition.resource.kind, nil, ["get", "patch", "update"])) }
    if definition.scale != nil {
      list.append(entry("scale", "Scale", ("autoscaling", "v1"), ["get", "patch", "update"]))
    }
    if definition.resource == .pods {
      list.append(entry("binding", "Binding", nil, ["create"]))
      list.append(entry("eviction", "Eviction", ("policy", "v1"), ["create"]))
    }
    return list
  }
}
