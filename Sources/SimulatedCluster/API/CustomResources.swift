import JSON
import Kubernetes

/// CustomResourceDefinitions as the server serves them: each brings a resource, for the version that is stored.
enum CustomResources {
  static func register(_ object: KubernetesObject, in registry: inout ResourceRegistry) {
    if let definition = definition(of: object) { registry.add(definition) }
  }

  /// The definition with the conditions and names that say it is served; nil where it says so already.
  static func established(_ object: KubernetesObject, now: Timestamp) -> JSONValue? {
    let conditions = object.json["status"]?["conditions"].map { Array($0.elements) } ?? []
    guard !conditions.contains(where: { $0["type"]?.isString("Established") == true }) else { return nil }
    func condition(_ type: String, _ reason: String, _ message: String) -> JSONValue {
      [
        "type": .string(type), "status": "True", "lastTransitionTime": .string(now.description),
        "reason": .string(reason), "message": .string(message),
      ]
    }
    var value = JSONValue(object.json)
    let versions = (value["spec"]?["versions"]?.array ?? []).filter { $0["storage"]?.bool == true }
    value["status"] = [
      "conditions": [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      "acceptedNames": value["spec"]?["names"] ?? .null,
      "storedVersions": .array(versions.compactMap { $0["name"] }),
    ]
    return value
  }

  /// The resource that a definition describes; nil where it has no served version.
  static func definition(of object: KubernetesObject) -> ResourceDefinition? {
    let spec = JSONValue(object.json)["spec"]
    let names = spec?["names"]
    guard let group = spec?["group"]?.string, let plural = names?["plural"]?.string, let kind = names?["kind"]?.string,
      let version = (spec?["versions"]?.array ?? []).first(where: { $0["storage"]?.bool == true }),
      let versionName = version["name"]?.string
    else { return nil }
    var definition = ResourceDefinition(
      resource: Resource(
        group: group, version: versionName, plural: plural, kind: kind,
        isNamespaced: spec?["scope"]?.string != "Cluster"))
    definition.shortNames = names?["shortNames"]?.array?.compactMap(\.string) ?? []
    definition.singular = names?["singular"]?.string ?? ""
    definition.categories = names?["categories"]?.array?.compactMap(\.string) ?? []
    definition.isCustom = true
    definition.countsGenerations = true
    definition.schema = version["schema"]?["openAPIV3Schema"]
    let subresources = version["subresources"]
    definition.hasStatus = subresources?["status"] != nil
    definition.scale = subresources?["scale"].flatMap(scale)
    definition.columns = (version["additionalPrinterColumns"]?.array ?? []).map { column in
      ResourceDefinition.PrinterColumn(
        name: column["name"]?.string ?? "", type: column["type"]?.string ?? "string",
        path: path(column["jsonPath"]?.string ?? ""), priority: column["priority"]?.int ?? 0)
    }
    return definition
  }

  private static func scale(_ value: JSONValue) -> ResourceDefinition.ScalePaths? {
    guard let spec = value["specReplicasPath"]?.string, let status = value["statusReplicasPath"]?.string else {
      return nil
    }
    return ResourceDefinition.ScalePaths(
      specReplicas: path(spec), statusReplicas: path(status),
      labelSelector: (value["labelSelectorPath"]?.string).map(path))
  }

  /// The steps of a simple JSON path such as `.spec.replicas`.
  private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }
}

/// Removes the fields that a structural schema does not know, as the API server prunes them.
enum SchemaPruning {
  static func prune(_ value: JSONValue, _ schema: JSONValue?) -> JSONValue {
    guard let schema else { return value }
    return prune(value, schema, isRoot: true)
  }

  private static func prune(_ value: JSONValue, _ schema: JSONValue, isRoot: Bool) -> JSONValue {
    switch value {
    case .object(let object):
      let keepsAll = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
      var result = JSONObject()
      for member in object.members {
        if isRoot, ["apiVersion", "kind", "metadata"].contains(member.name) {
          result[member.name] = member.value
        } else if let property = schema["properties"]?[member.name] {
          result[member.name] = prune(member.value, property, isRoot: false)
        } else if let rest = schema["additionalProperties"], rest != false {
          result[member.name] = rest.object == nil ? member.value : prune(member.value, rest, isRoot: false)
        } else if keepsAll {
          result[member.name] = member.value
        }
      }
      return .object(result)
    case .array(let elements):
      guard let items = schema["items"] else { return value }
      return .array(elements.map { prune($0, items, isRoot: false) })
    default: return value
    }
  }
}
