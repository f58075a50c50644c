import JSON
import Kubernetes

/// The network status of a game server, from what its pod carries.
struct NetworkProjection: Sendable {
  /// The status, empty for a pod without a network.
  let status: JSONObject
  /// Whether the network is still on its way to what is wanted.
  let isWaiting: Bool
  /// Since when what is wanted has been wanted.
  let since: Timestamp?

  init(_ pod: Pod, old: JSONView?, now: Timestamp) {
    let annotations = pod.metadata.annotations
    let conf = annotations[GameAnnotations.networkConf]
    guard let type = annotations[GameAnnotations.networkType],
      conf == nil || conf.flatMap(NetworkParameter.parse(annotation:)) != nil
    else {
      (status, isWaiting, since) = (JSONObject(), false, nil)
      return
    }
    let isDisabled = Self.isTrue(pod.metadata.labels[GameLabels.networkDisabled])
    let desired = isDisabled ? NetworkState.notReady : .ready
    let oldDesired = old?["desiredNetworkState"]?.string
    let oldSince = (old?["lastTransitionTime"]?.string).flatMap(Timestamp.init)
    let since = oldDesired == desired.rawValue ? oldSince ?? now : now
    var status = JSONObject()
    status["networkType"] = .string(type)
    var current = NetworkState.notReady.rawValue
    if let text = annotations[GameAnnotations.networkStatus], let live = try? JSONDocument(text).root, live.isObject {
      for field in ["internalAddresses", "externalAddresses"] {
        status[field] = live[field].flatMap { $0.isArray && $0.count > 0 ? JSONValue($0) : nil }
      }
      current = live["currentNetworkState"]?.string ?? ""
    }
    status["desiredNetworkState"] = .string(desired.rawValue)
    status["currentNetworkState"] = .string(current)
    status["createTime"] = .string(old?["createTime"]?.string ?? now.description)
    status["lastTransitionTime"] = .string(since.description)
    self.status = status
    self.since = since
    isWaiting = current != desired.rawValue
  }

  /// Go's reading of a boolean text; anything else counts as false.
  private static func isTrue(_ text: String?) -> Bool {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    default: false
    }
  }
}
