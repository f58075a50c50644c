import JSON
import Kubernetes

/// The PodProbeMarker that the service qualities of a set want.
enum ProbeMarkerProjection {
  /// The condition type under which a quality's result appears on the pod.
  static func conditionType(_ quality: String) -> String { "game.kruise.io/\(quality)" }

  /// Whether the set wants a marker; an empty list wants none.
  static func isWanted(by set: GameServerSet) -> Bool { !set.serviceQualities.isEmpty }

  /// The marker's specification.
  static func spec(of set: GameServerSet) -> JSONValue {
    [
      "selector": ["matchLabels": [GameLabels.ownerSet: .string(set.name)]],
      "probes": .array(set.serviceQualities.map(probe)),
    ]
  }

  /// The defaults that OpenKruiseGame sets where a probe has no value or 0.
  private static let defaults = [
    ("initialDelaySeconds", 10), ("timeoutSeconds", 5), ("periodSeconds", 3), ("successThreshold", 1),
    ("failureThreshold", 3),
  ]

  private static func probe(_ quality: JSONView) -> JSONValue {
    let name = quality["name"]?.string ?? ""
    var probe = JSONObject()
    for action in ["exec", "httpGet", "tcpSocket", "grpc"] {
      probe[action] = quality[action].flatMap { $0.isNull ? nil : JSONValue($0) }
    }
    for (field, value) in defaults {
      let own = quality[field]?.int ?? 0
      probe[field] = .int(own == 0 ? value : own)
    }
    probe["terminationGracePeriodSeconds"] = quality["terminationGracePeriodSeconds"].flatMap {
      $0.isNull ? nil : JSONValue($0)
    }
    var entry: JSONValue = ["name": .string(name)]
    if let container = quality["containerName"]?.string, !container.isEmpty {
      entry["containerName"] = .string(container)
    }
    entry["probe"] = .object(probe)
    entry["podConditionType"] = .string(conditionType(name))
    return entry
  }
}
