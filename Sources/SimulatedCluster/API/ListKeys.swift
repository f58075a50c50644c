import JSON

/// How the elements of lists are told apart when several managers write one list.
///
/// Built-in kinds follow the table; a custom resource's schema says it for itself (`x-kubernetes-list-type`). Any other list is one value.
struct ListKeys: Sendable {
  enum Kind: Sendable, Equatable {
    /// The list is one value.
    case atomic
    /// A list of distinct scalars.
    case set
    /// Elements are told apart by these fields.
    case map([String])
  }

  /// The schema of a custom resource.
  var schema: JSONValue?

  /// The kind of the list at a path of field names; list elements are left out of the path.
  func kind(_ path: [String]) -> Kind {
    if let schema, path.first != "metadata" { return ListKeys.kind(path, schema) }
    return ListKeys.table[path.last ?? ""] ?? .atomic
  }

  private static let table: [String: Kind] = [
    "containers": .map(["name"]), "initContainers": .map(["name"]), "volumes": .map(["name"]), "env": .map(["name"]),
    "volumeMounts": .map(["mountPath"]), "imagePullSecrets": .map(["name"]), "hostAliases": .map(["ip"]),
    "ports": .map(["port", "containerPort", "protocol"]), "webhooks": .map(["name"]), "ownerReferences": .map(["uid"]),
    "conditions": .map(["type"]), "finalizers": .set, "readinessGates": .atomic,
  ]

  private static func kind(_ path: [String], _ schema: JSONValue) -> Kind {
    var node: JSONValue? = schema
    for name in path {
      // The elements of a list have no step in the path.
      while node?["type"]?.string == "array" { node = node?["items"] }
      node = node?["properties"]?[name] ?? node?["additionalProperties"]
    }
    switch node?["x-kubernetes-list-type"]?.string {
    case "map": return .map(node?["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string) ?? [])
    case "set": return .set
    default: return .atomic
    }
  }

  /// The name of an element in a field set; nil where it lacks its keys.
  static func elementName(_ element: JSONValue, _ kind: Kind) -> String? {
    switch kind {
    case .atomic: return nil
    case .set: return "v:" + element.text
    case .map(let keys):
      var values = JSONObject()
      for key in keys.sorted() {
        // The API server gives a port its protocol before it compares.
        values[key] = element[key] ?? (key == "protocol" ? "TCP" : nil)
      }
      return values.isEmpty ? nil : "k:" + JSONValue.object(values).text
    }
  }
}

extension FieldSet {
  /// The fields that a value sets.
  init(of value: JSONValue, _ lists: ListKeys, path: [String] = []) {
    self.init()
    switch value {
    case .object(let object) where !object.isEmpty || path.isEmpty:
      for member in object.members {
        children["f:" + member.name] = FieldSet(of: member.value, lists, path: path + [member.name])
      }
    case .array(let elements):
      let kind = lists.kind(path)
      guard kind != .atomic else {
        isMember = true
        return
      }
      for element in elements {
        guard let name = ListKeys.elementName(element, kind) else { continue }
        var child = FieldSet(of: element, lists, path: path)
        child.isMember = true
        children[name] = child
      }
    default: isMember = true
    }
  }
}
