import JSON
import Kubernetes

/// Sets and pods as a cluster would show them.
enum Objects {
  static func set(
    _ name: String, namespace: String = "games", replicas: Int, current: Int? = nil, waiting: Int? = 0,
    reserved: [Int] = []
  ) -> KubernetesObject {
    parse(
      """
      {"apiVersion":"game.kruise.io/v1alpha1","kind":"GameServerSet",
       "metadata":{"name":"\(name)","namespace":"\(namespace)"},
       "spec":{"replicas":\(replicas),"reserveGameServerIds":\(reserved)},
       "status":{"currentReplicas":\(current ?? replicas),"replicas":\(replicas)\
      \(waiting.map { ",\"waitToBeDeletedReplicas\":\($0)" } ?? "")}}
      """)
  }

  static func pod(
    _ set: String, _ ordinal: Int, namespace: String = "games", ops: String = "None", labels: [String: String] = [:],
    deleting: Bool = false
  ) -> KubernetesObject {
    let all = labels.merging(["game.kruise.io/owner-gss": set, "game.kruise.io/gs-opsState": ops]) { first, _ in first }
    let text = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
    return parse(
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(set)-\(ordinal)","namespace":"\(namespace)",
       \(deleting ? "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"," : "")"labels":{\(text)}}}
      """)
  }

  private static func parse(_ text: String) -> KubernetesObject {
    do {
      return KubernetesObject(try JSONDocument(Array(text.utf8)).root)
    } catch {
      preconditionFailure("an object of a test does not parse: \(error)")
    }
  }
}
