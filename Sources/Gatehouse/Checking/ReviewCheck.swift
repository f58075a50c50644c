import JSON
import KubeClient
import Kubernetes

/// Whether reviews truly happen: objects that are only tried, through the API server, with dry run.
struct ReviewCheck: ClusterCheck {
  let area = "review"
  private static let name = "gatehouse-check"
  private static let container: JSONValue = ["name": "game", "image": "registry.example.com/none:1"]

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    guard try await !cluster.ownWebhooks().isEmpty else {
      return [.warned(area, "not tried: no webhook is registered", "check again once a manager runs")]
    }
    let namespace = cluster.trialNamespace
    return [
      await defaulting(cluster, namespace), await refusal(cluster, namespace), await pod(cluster, namespace),
    ]
  }

  private func defaulting(_ cluster: CheckedCluster, _ namespace: String) async -> CheckLine {
    let title = "a GameServerSet gets its defaults"
    do throws(KubernetesError) {
      let made = try await cluster.client.create(
        .gameServerSets, namespace: namespace, set(namespace), isDryRun: true)
      // Definitions have no default for this field: only admission fills it in.
      let isReviewed = made.json["spec"]?["updateStrategy"]?["rollingUpdate"]?["partition"]?.int == 0
      return isReviewed ? .passed(area, title) : unreviewed("the GameServerSet came back without its defaults")
    } catch {
      return failure(title, error)
    }
  }

  private func refusal(_ cluster: CheckedCluster, _ namespace: String) async -> CheckLine {
    let title = "a GameServerSet with a repeated reserve id is refused"
    var broken = set(namespace)
    broken["spec"]?["reserveGameServerIds"] = [1, 1]
    do throws(KubernetesError) {
      try await cluster.client.create(.gameServerSets, namespace: namespace, broken, isDryRun: true)
      return unreviewed("a GameServerSet with a repeated reserve id was accepted")
    } catch {
      return error.message.contains("reserveGameServerIds") ? .passed(area, title) : failure(title, error)
    }
  }

  private func pod(_ cluster: CheckedCluster, _ namespace: String) async -> CheckLine {
    let title = "a pod gets its labels"
    let pod: JSONValue = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string("\(Self.name)-0"), "namespace": .string(namespace),
        "labels": [GameLabels.ownerSet: .string(Self.name)],
      ],
      "spec": ["containers": [Self.container], "automountServiceAccountToken": false],
    ]
    do throws(KubernetesError) {
      let made = try await cluster.client.create(.pods, namespace: namespace, pod, isDryRun: true)
      let isReviewed = made.metadata.labels[GameLabels.opsState] != nil
      return isReviewed ? .passed(area, title) : unreviewed("the pod came back without its labels")
    } catch {
      return failure(title, error)
    }
  }

  private func set(_ namespace: String) -> JSONValue {
    [
      "apiVersion": .string(Resource.gameServerSets.apiVersion), "kind": .string(Resource.gameServerSets.kind),
      "metadata": ["name": .string(Self.name), "namespace": .string(namespace)],
      "spec": ["replicas": 1, "gameServerTemplate": ["spec": ["containers": [Self.container]]]],
    ]
  }

  private func unreviewed(_ message: String) -> CheckLine {
    .failed(
      area, "\(message): the API server did not ask",
      "look at the rules and selectors of the registered webhooks; the leading manager restores its own")
  }

  private func failure(_ title: String, _ error: KubernetesError) -> CheckLine {
    let isUnreached = ["failed calling webhook", "failed to call webhook"].contains { error.message.contains($0) }
    if isUnreached {
      return .failed(
        area, "\(title): the API server could not ask: \(error.message)",
        "see service and certificate above; a NetworkPolicy may also be in the way")
    }
    return .warned(
      area, "\(title): could not be tried: \(error)",
      "choose another --trial-namespace where the answer is that of a quota or a policy")
  }
}
