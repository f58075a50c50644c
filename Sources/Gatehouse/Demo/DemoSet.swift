import JSON

/// The manifests of the demonstration: sets as users write them, small enough to read.
struct DemoSet: Sendable {
  /// The namespace of all of them.
  static let namespace = "games"

  /// The name; it is that of the game too.
  let name: String
  /// How many servers.
  var replicas = 3
  /// The version of the game.
  var version = "1.0"
  /// Fields of `spec` beside the ones that every set has.
  var spec: [String: JSONValue] = [:]
  /// Annotations of the set itself.
  var annotations: JSONValue = [:]
  /// Annotations of the template.
  var templateAnnotations: JSONValue = [:]
  /// The ports of the game's container.
  var ports: JSONValue = []

  /// The object.
  var object: JSONValue {
    var spec: JSONValue = [
      "replicas": .int(replicas),
      "updateStrategy": ["rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": 1]],
      "gameServerTemplate": [
        "metadata": ["labels": ["app.kubernetes.io/name": .string(name)], "annotations": templateAnnotations],
        "spec": ["terminationGracePeriodSeconds": 1, "containers": containers(version)],
      ],
    ]
    for (field, value) in self.spec { spec[field] = value }
    return [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
      "metadata": ["name": .string(name), "namespace": .string(Self.namespace), "annotations": annotations],
      "spec": spec,
    ]
  }

  /// The patch that brings another version of the game, and what else is changed with it.
  func update(to version: String, _ strategy: JSONValue) -> JSONValue {
    [
      "spec": [
        "updateStrategy": ["rollingUpdate": strategy],
        "gameServerTemplate": ["spec": ["containers": containers(version)]],
      ]
    ]
  }

  /// A merge patch takes lists whole.
  private func containers(_ version: String) -> JSONValue {
    [
      [
        "name": "game", "image": .string("registry.example.com/games/\(name):\(version)"), "ports": ports,
        "resources": [
          "requests": ["cpu": "100m", "memory": "64Mi"], "limits": ["cpu": "100m", "memory": "64Mi"],
        ],
      ]
    ]
  }
}
