import JSON
import KubeClient
import Kubernetes

/// A custom resource of one case, with one object in mind.
struct Widgets: Sendable {
  let client: KubeClient
  let resource: Resource
  let key: NamespacedName

  /// Creates the widget.
  @discardableResult
  func create(_ spec: JSONValue, status: JSONValue? = nil) async throws(KubernetesError) -> KubernetesObject {
    var value: JSONValue = [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
      "metadata": ["name": .string(key.name)], "spec": spec,
    ]
    value["status"] = status
    return try await client.create(resource, namespace: key.namespace, value)
  }

  /// Changes the widget.
  @discardableResult
  func patch(
    _ change: JSONValue, subresource: String? = nil
  ) async throws(KubernetesError) -> KubernetesObject {
    try await client.patch(resource, key, subresource: subresource, .merge(change))
  }

  /// The definition of the resource.
  static func definition(group: String) -> JSONValue {
    let spec: JSONValue = [
      "type": "object", "required": ["size"],
      "properties": [
        "size": ["type": "integer", "minimum": 1],
        "mode": ["type": "string", "enum": ["plain", "fancy"], "default": "plain"],
        "name": ["type": "string", "pattern": "^[a-z]+$"], "replicas": ["type": "integer", "default": 1],
        "percent": ["x-kubernetes-int-or-string": true],
        "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
      ],
    ]
    let status: JSONValue = [
      "type": "object", "default": ["phase": "New"],
      "properties": ["replicas": ["type": "integer"], "selector": ["type": "string"], "phase": ["type": "string"]],
    ]
    let version: JSONValue = [
      "name": "v1", "served": true, "storage": true,
      "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": spec, "status": status]]],
      "subresources": [
        "status": [:],
        "scale": [
          "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
          "labelSelectorPath": ".status.selector",
        ],
      ],
    ]
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("widgets.\(group)")],
      "spec": [
        "group": .string(group), "scope": "Namespaced", "versions": [version],
        "names": ["plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"],
      ],
    ]
  }
}

extension SemanticsContext {
  /// Runs a body with a custom resource of its own, which is taken away behind it.
  func withWidgets(_ body: (Widgets) async throws -> Void) async throws {
    let group = "\(namespace).gatehouse.test"
    let resource = Resource(group: group, version: "v1", plural: "widgets", kind: "Widget")
    let definition = NamespacedName("", "widgets.\(group)")
    try await client.create(.customResourceDefinitions, namespace: "", Widgets.definition(group: group))
    try await eventually("the resource is served") {
      let read = try await client.get(.customResourceDefinitions, definition)
      let conditions = read.json["status"]?["conditions"].map { $0.elements.map(Condition.init) } ?? []
      guard conditions.contains(where: { $0.type == "Established" && $0.isTrue }) else { return false }
      // The handler learns of it a moment after the condition says so.
      return (try? await client.page(resource, ObjectSelection(namespace: namespace))) != nil
    }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(Widgets(client: client, resource: resource, key: key("one"))))
    } catch {
      result = .failure(error)
    }
    try await client.delete(.customResourceDefinitions, definition)
    try result.get()
  }
}
