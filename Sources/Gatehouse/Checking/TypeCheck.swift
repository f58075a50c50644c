import JSON
import Kubernetes

/// Whether a custom resource is there in the version that is needed.
struct TypeCheck: Sendable {
  let area: String
  let resource: Resource
  /// Subresources that have to be served.
  var subresources: [String] = []
  /// What to do where it is missing.
  let advice: String

  /// The name of the definition.
  var name: String { "\(resource.plural).\(resource.group)" }

  /// What was found, and the definition where it is good.
  func line(_ cluster: CheckedCluster) async throws(KubernetesError) -> (line: CheckLine, definition: JSONView?) {
    guard let object = try await cluster.find(.customResourceDefinitions, NamespacedName("", name)) else {
      return (.failed(area, "\(name) is not installed", advice), nil)
    }
    let versions = object.json["spec"]?["versions"].map { Array($0.elements) } ?? []
    let version = versions.first { $0["name"]?.isString(resource.version) == true }
    guard let version, version["served"]?.bool == true else {
      let served = versions.filter { $0["served"]?.bool == true }.compactMap { $0["name"]?.string }
      return (
        .failed(area, "\(name) is served as \(served.joined(separator: ", ")), not as \(resource.version)", advice), nil
      )
    }
    let missing = subresources.filter { version["subresources"]?[$0] == nil }
    guard missing.isEmpty else {
      return (.failed(area, "\(name) has no \(missing.joined(separator: " and ")) subresource", advice), nil)
    }
    let conditions = object.json["status"]?["conditions"].map { Array($0.elements) } ?? []
    let isEstablished = conditions.contains {
      $0["type"]?.isString("Established") == true && $0["status"]?.isString("True") == true
    }
    guard isEstablished else {
      let reason = conditions.first { $0["status"]?.isString("False") == true }?["message"]?.string
      return (.failed(area, "\(name) is not established\(reason.map { ": \($0)" } ?? "")", advice), nil)
    }
    return (.passed(area, "\(name) \(resource.version)"), object.json)
  }
}

/// The types of the product.
struct OwnTypesCheck: ClusterCheck {
  let area = "types"
  private static let advice = "apply deploy/crds (kubectl apply -k deploy/crds or -f) of this version"

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    [
      try await TypeCheck(
        area: area, resource: .gameServerSets, subresources: ["status", "scale"], advice: Self.advice
      ).line(cluster).line,
      try await TypeCheck(area: area, resource: .gameServers, subresources: ["status"], advice: Self.advice).line(
        cluster
      )
      .line,
    ]
  }
}
