import JSON
import Kubernetes

/// What the schemas of the API say of the fields that everything else is read from: the API server refuses other types before it asks
/// anybody.
enum TypeRules {
  private enum Accepted {
    case object
    case list
    case string
    /// A number of servers.
    case count

    var words: String {
      switch self {
      case .object: "an object"
      case .list: "a list"
      case .string: "a string"
      case .count: "an integer from 0 to \(Int32.max)"
      }
    }

    func takes(_ value: JSONView) -> Bool {
      switch self {
      case .object: value.isObject
      case .list: value.isArray
      case .string: value.string != nil
      case .count: value.int.map { (0...Int(Int32.max)).contains($0) } ?? false
      }
    }
  }

  private static let pod: [(String, Accepted)] = [
    ("containers", .list), ("initContainers", .list), ("volumes", .list), ("nodeSelector", .object),
    ("tolerations", .list),
  ]

  private static let fields: [String: [(String, Accepted)]] = [
    "GameServerSet": [
      ("spec", .object), ("spec.replicas", .count), ("spec.gameServerTemplate", .object),
      ("spec.gameServerTemplate.metadata", .object), ("spec.gameServerTemplate.spec", .object),
      ("spec.updateStrategy", .object), ("spec.updateStrategy.rollingUpdate", .object), ("spec.scaleStrategy", .object),
      ("spec.serviceQualities", .list), ("spec.reserveGameServerIds", .list), ("spec.network", .object),
      ("spec.network.networkType", .string), ("spec.network.networkConf", .list), ("spec.serviceName", .string),
    ] + pod.map { ("spec.gameServerTemplate.spec.\($0)", $1) },
    "GameServer": [
      ("spec", .object), ("spec.opsState", .string), ("spec.containers", .list),
    ],
    "Pod": [("spec", .object)] + pod.map { ("spec.\($0)", $1) },
    "PodTemplate": [("template", .object), ("template.spec", .object)] + pod.map { ("template.spec.\($0)", $1) },
  ]

  /// The fields of an object whose values are of another type, and a version or kind that the API does not have.
  static func findings(_ object: KubernetesObject) -> [LintFinding] {
    let group = Resource.gameServerSets.group
    if object.apiVersion.hasPrefix("\(group)/") {
      let resource = [Resource.gameServerSets, .gameServers].first { $0.kind == object.kind }
      guard resource != nil else {
        return [error("kind", object.json["kind"], "GameServerSet or GameServer, which is what \(group) has")]
      }
      if let resource, object.apiVersion != resource.apiVersion {
        return [error("apiVersion", object.json["apiVersion"], resource.apiVersion)]
      }
    }
    return (fields[object.kind] ?? []).compactMap { path, accepted in
      guard let value = value(at: path, in: object.json), !value.isNull, !accepted.takes(value) else { return nil }
      return error(path, value, accepted.words)
    }
  }

  private static func value(at path: String, in root: JSONView) -> JSONView? {
    path.split(separator: ".").reduce(root as JSONView?) { $0?[String($1)] }
  }

  private static func error(_ path: String, _ value: JSONView?, _ accepted: String) -> LintFinding {
    let text = value?.text ?? ""
    let shown = text.utf8.count <= 60 ? text : String(text.prefix(57)) + "..."
    return LintFinding(level: .error, field: path, message: "\(path) \(shown): must be \(accepted)", rule: "type")
  }
}
