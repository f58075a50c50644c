import Controllers
import JSON
import Kubernetes

/// OpenKruise: the types that sets are built on, and who works on them.
struct KruiseCheck: ClusterCheck {
  let area = "openkruise"
  private static let advice = "install OpenKruise 1.5 or newer (helm install kruise openkruise/kruise)"
  /// The first version with everything that sets use: start ordinals, claim retention, probe markers for native pods.
  private static let oldest = ServerVersion(major: 1, minor: 5)
  private static let deployments = Resource(group: "apps", version: "v1", plural: "deployments", kind: "Deployment")
  private static let manager = NamespacedName("kruise-system", "kruise-controller-manager")

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    let workloads = TypeCheck(
      area: area, resource: .advancedStatefulSets, subresources: ["status"], advice: Self.advice)
    let markers = TypeCheck(area: area, resource: .podProbeMarkers, advice: Self.advice)
    let (workloadLine, definition) = try await workloads.line(cluster)
    var lines = [workloadLine, try await markers.line(cluster).line]
    if let definition { lines.append(ordinals(definition)) }
    lines.append(try await controllers(cluster))
    return lines
  }

  private func ordinals(_ definition: JSONView) -> CheckLine {
    let takesRanges = WorkloadFeatures(definition: definition).acceptsOrdinalRanges
    return .passed(area, "reserveOrdinals takes \(takesRanges ? "ranges" : "plain ids"), which is what it is given")
  }

  /// Who works on the types: OpenKruise's own Deployment where it has its usual name.
  private func controllers(_ cluster: CheckedCluster) async throws(KubernetesError) -> CheckLine {
    guard let deployment = try await cluster.find(Self.deployments, Self.manager) else {
      return .warned(
        area, "the Deployment \(Self.manager) is not there: who runs Advanced StatefulSets cannot be told",
        "make sure that OpenKruise's controllers run")
    }
    guard (deployment.json["status"]?["readyReplicas"]?.int ?? 0) > 0 else {
      return .failed(
        area, "no replica of the Deployment \(Self.manager) is ready",
        "kubectl -n \(Self.manager.namespace) describe deployment \(Self.manager.name)")
    }
    let image = deployment.json["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.string ?? ""
    guard let version = version(image) else { return .passed(area, "its controllers run (\(image))") }
    guard version >= Self.oldest else {
      return .warned(area, "OpenKruise \(version) is older than \(Self.oldest)", Self.advice)
    }
    return .passed(area, "its controllers run (OpenKruise \(version))")
  }

  /// The version in the tag of an image such as `openkruise/kruise-manager:v1.8.0`.
  private func version(_ image: String) -> ServerVersion? {
    guard let colon = image.lastIndex(of: ":") else { return nil }
    var tag = image[image.index(after: colon)...]
    if tag.first == "v" { tag.removeFirst() }
    let numbers = tag.split(separator: ".").prefix(2).compactMap { Int($0) }
    return numbers.count == 2 ? ServerVersion(major: numbers[0], minor: numbers[1]) : nil
  }
}
