public import JSON
import Kubernetes

/// The custom types of a game cluster with schemas that take everything, for clusters in which nobody installs real ones.
public enum OpenDefinitions {
  /// A CustomResourceDefinition for each type that the product reads or writes.
  public static let all: [JSONValue] = [
    definition(.gameServerSets, scale: true), definition(.gameServers), definition(.advancedStatefulSets, scale: true),
    definition(.podProbeMarkers),
  ]

  private static func definition(_ resource: Resource, scale: Bool = false) -> JSONValue {
    var subresources: JSONValue = ["status": .object(JSONObject())]
    if scale {
      subresources["scale"] = [
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
        "labelSelectorPath": ".status.labelSelector",
      ]
    }
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("\(resource.plural).\(resource.group)")],
      "spec": [
        "group": .string(resource.group), "scope": "Namespaced",
        "names": [
          "plural": .string(resource.plural), "kind": .string(resource.kind),
          "singular": .string(resource.kind.lowercased()), "listKind": .string(resource.kind + "List"),
        ],
        "versions": [
          [
            "name": .string(resource.version), "served": true, "storage": true, "subresources": subresources,
            "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
          ]
        ],
      ],
    ]
  }
}
