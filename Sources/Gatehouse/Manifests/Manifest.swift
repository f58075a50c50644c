import JSON
import Kubernetes

/// An object that a user wrote into a file, and where.
struct Manifest: Sendable {
  /// The object, with the namespace that it is meant for.
  let object: KubernetesObject
  /// The file as messages name it.
  let file: String
  /// The lines of the object's fields.
  let lines: SourceLines

  /// The line on which the object starts.
  var line: Int { lines.line }
  /// `Kind namespace/name`, for messages.
  var title: String { "\(object.kind) \(object.key)" }

  /// The kind of object that the API server would keep it as; nil for kinds that the product does not look at.
  var resource: Resource? { Manifest.resource(apiVersion: object.apiVersion, kind: object.kind) }

  /// The resources that the product looks at.
  static let resources: [Resource] = [
    .pods, .services, .endpoints, .nodes, .namespaces, .configMaps, .secrets, .serviceAccounts,
    .persistentVolumeClaims, .persistentVolumes, .ingresses, .gameServerSets, .gameServers, .advancedStatefulSets,
    .podProbeMarkers,
  ]

  /// Finds a resource by what an object says of itself, in whatever version of its group.
  static func resource(apiVersion: String, kind: String) -> Resource? {
    let group = apiVersion.split(separator: "/").count == 2 ? String(apiVersion.prefix { $0 != "/" }) : ""
    return resources.first { $0.group == group && $0.kind == kind }
  }
}
