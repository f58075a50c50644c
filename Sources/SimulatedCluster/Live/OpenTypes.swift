public import JSON
public import Kubernetes

/// CustomResourceDefinitions that let anything pass, for the types that other projects define and for tests that need no schema.
public enum OpenTypes {
  /// The types of OpenKruise that GameServerSets rely on.
  public static let kruise: [JSONValue] = [
    definition(.advancedStatefulSets, scale: ".status.labelSelector", shortNames: ["asts"], columns: workloadColumns),
    definition(.podProbeMarkers, scale: nil, shortNames: []),
  ]

  /// The product's own types without their schemas.
  public static let games: [JSONValue] = [
    definition(.gameServerSets, scale: ".status.labelSelector", shortNames: ["gss"], columns: setColumns),
    definition(
      .gameServers, scale: nil, shortNames: ["gs"], columns: serverColumns, newStatus: ["currentState": "Creating"]),
  ]

  private static let workloadColumns: JSONValue = [
    column("DESIRED", "integer", ".spec.replicas"), column("CURRENT", "integer", ".status.replicas"),
    column("UPDATED", "integer", ".status.updatedReplicas"), column("READY", "integer", ".status.readyReplicas"), age,
  ]

  /// As in the definitions that are shipped, the rare states left out.
  private static let setColumns: JSONValue = [
    column("DESIRED", "integer", ".spec.replicas"), column("CURRENT", "integer", ".status.currentReplicas"),
    column("UPDATED", "integer", ".status.updatedReplicas"), column("READY", "integer", ".status.readyReplicas"), age,
  ]

  private static let serverColumns: JSONValue = [
    column("STATE", "string", ".status.currentState"), column("OPSSTATE", "string", ".spec.opsState"),
    column("DP", "string", ".status.deletionPriority"), column("UP", "string", ".status.updatePriority"), age,
  ]

  private static let age = column("AGE", "date", ".metadata.creationTimestamp")

  private static func column(_ name: String, _ type: String, _ path: String) -> JSONValue {
    ["name": .string(name), "type": .string(type), "jsonPath": .string(path)]
  }

  /// A definition of one version with a status, and a scale where the selector's path is given.
  ///
  /// - Parameter newStatus: the status of an object that was given none; nil is none.
  public static func definition(
    _ resource: Resource, scale: String?, shortNames: [JSONValue], columns: JSONValue = [],
    newStatus: JSONValue? = nil
  ) -> JSONValue {
    var subresources: JSONValue = ["status": .object(JSONObject())]
    if let scale {
      subresources["scale"] = [
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
        "labelSelectorPath": .string(scale),
      ]
    }
    var schema: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    if let newStatus {
      let status: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true, "default": newStatus]
      schema["properties"] = ["status": status]
    }
    let version: JSONValue = [
      "name": .string(resource.version), "served": true, "storage": true, "subresources": subresources,
      "additionalPrinterColumns": columns,
      "schema": ["openAPIV3Schema": schema],
    ]
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("\(resource.plural).\(resource.group)")],
      "spec": [
        "group": .string(resource.group), "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
        "names": [
          "plural": .string(resource.plural), "kind": .string(resource.kind),
          "singular": .string(resource.kind.lowercased()), "listKind": .string(resource.kind + "List"),
          "shortNames": .array(shortNames),
        ],
        "versions": [version],
      ],
    ]
  }
}

extension LiveCluster {
  /// Creates objects in the order in which they are given; definitions of types come before their objects.
  ///
  /// - Throws: The refusal of the first object that the API refuses; a kind that nobody has defined is a bad request.
  public func install(_ objects: [JSONValue]) async throws(KubernetesError) {
    for object in objects {
      let (apiVersion, kind) = (object["apiVersion"]?.string ?? "", object["kind"]?.string ?? "")
      guard let resource = server.resource(apiVersion: apiVersion, kind: kind) else {
        throw APIFailure.badRequest("no matches for kind \"\(kind)\" in version \"\(apiVersion)\"")
      }
      let namespace = object["metadata"]?["namespace"]?.string ?? "default"
      try await client.create(resource, namespace: resource.isNamespaced ? namespace : "", object)
    }
  }
}

extension SimulatedAPIServer {
  /// The resource that objects of that type belong to.
  func resource(apiVersion: String, kind: String) -> Resource? {
    definitions.map(\.resource).first { $0.apiVersion == apiVersion && $0.kind == kind }
  }
}
