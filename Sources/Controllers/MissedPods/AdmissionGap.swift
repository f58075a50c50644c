import JSON
import Kubernetes

/// What a pod lacks that admission gives every pod of a set.
///
/// Only what is absent counts. A value that differs is somebody's later change: images and resources follow the game server, labels follow
/// their own controller.
struct AdmissionGap: Sendable, Equatable {
  /// The labels that are absent; the game server's controller sets them on a running pod.
  private(set) var labels: [String] = []
  /// The annotations that are absent, with what admission would have written.
  private(set) var annotations = JSONObject()
  /// What the specification lacks, in words; a running pod cannot get it any more.
  private(set) var missing: [String] = []

  /// Compares a pod with what admission would have made of it.
  init(_ pod: JSONValue, admitted: JSONValue) {
    labels = Self.added(pod, admitted, "labels").map(\.name).sorted()
    annotations = JSONObject(Self.added(pod, admitted, "annotations"))
    for (list, key, word) in Self.lists {
      let present = Set(Self.elements(pod, list).compactMap { $0[key]?.string })
      for element in Self.elements(admitted, list) {
        guard let name = element[key]?.string, !present.contains(name) else { continue }
        missing.append("\(word) \(name)")
      }
    }
    missing += Self.hostPorts(pod, admitted)
  }

  /// Whether the pod has all that it should have.
  var isEmpty: Bool { labels.isEmpty && annotations.isEmpty && missing.isEmpty }

  /// Whether all of it can be given to the pod while it runs.
  var isMendable: Bool { missing.isEmpty }

  private static let lists = [
    ("containers", "name", "container"), ("initContainers", "name", "init container"), ("volumes", "name", "volume"),
    ("readinessGates", "conditionType", "readiness gate"),
  ]

  private static func elements(_ pod: JSONValue, _ list: String) -> [JSONValue] { pod["spec"]?[list]?.array ?? [] }

  private static func added(_ pod: JSONValue, _ admitted: JSONValue, _ map: String) -> [JSONObject.Member] {
    let present = pod["metadata"]?[map]
    return (admitted["metadata"]?[map]?.object?.members ?? []).filter { present?[$0.name] == nil }
  }

  /// The containers that would have host ports and have none.
  private static func hostPorts(_ pod: JSONValue, _ admitted: JSONValue) -> [String] {
    func count(_ container: JSONValue) -> Int { (container["ports"]?.array ?? []).count { $0["hostPort"] != nil } }
    let present = Dictionary(
      elements(pod, "containers").map { ($0["name"]?.string ?? "", count($0)) }, uniquingKeysWith: { one, _ in one })
    return elements(admitted, "containers").compactMap { container in
      let name = container["name"]?.string ?? ""
      let lacking = count(container) - (present[name] ?? 0)
      return lacking > 0 ? "\(lacking) host ports of container \(name)" : nil
    }
  }
}
