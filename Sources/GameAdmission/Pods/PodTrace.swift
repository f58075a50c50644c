import Admission
import Kubernetes
import NetworkPlugins
import Telemetry

/// What the span of a pod's review says; the names are those of OpenKruiseGame's spans, so that dashboards over them keep working.
enum PodTrace {
  typealias Attributes = [String: FinishedSpan.Value]

  /// What the audit annotation is called by which the network step names the plugin.
  static let pluginKey: AuditKey = "network-plugin"

  /// The spans of `/mutate-v1-pod`.
  static func make(_ tracer: Tracer, _ plugins: PluginRegistry) -> ReviewTrace {
    ReviewTrace(tracer, name: "mutate pod admission") { request, context, span in
      for (name, value) in attributes(request, context, plugins) { span.set(name, value) }
      if let link = link(of: request) { span.link(link) }
    }
  }

  private static func attributes(
    _ request: AdmissionRequest, _ context: ReviewContext?, _ plugins: PluginRegistry
  ) -> Attributes {
    let pod = (request.object ?? request.oldObject).map { Pod($0) }
    let key = request.key(pod?.json)
    var attributes: Attributes = [
      "k8s.namespace.name": .string(key.namespace), "game.kruise.io.game_server.namespace": .string(key.namespace),
      "game.kruise.io.game_server.name": .string(key.name), "game.kruise.io.component": "webhook",
      "game.kruise.io.webhook.handler": "mutating-pod",
      "game.kruise.io.admission.operation": .string(request.operation.rawValue),
      "game.kruise.io.admission.request.uid": .string(request.id),
    ]
    guard let pod else { return attributes }
    if let set = pod.ownerSet {
      attributes["game.kruise.io.game_server_set.namespace"] = .string(key.namespace)
      attributes["game.kruise.io.game_server_set.name"] = .string(set)
    }
    let admitted = context?.auditAnnotations.first { $0.key == pluginKey }?.value
    guard let type = admitted ?? pod.metadata.annotations[GameAnnotations.networkType], !type.isEmpty else {
      return attributes
    }
    attributes.merge(network(type, plugins.plugin(named: type))) { $1 }
    attributes["game.kruise.io.network.status"] = .string(state(of: pod))
    return attributes
  }

  /// What is said of a network type, and of its plugin where one has it.
  static func network(_ type: String, _ plugin: (any NetworkPlugin)?) -> Attributes {
    var attributes: Attributes = [
      "game.kruise.io.network.plugin.name": .string(type.lowercased().replacing("-", with: "_")),
      "cloud.provider": .string(provider(type)),
    ]
    if let plugin {
      if !plugin.alias.isEmpty { attributes["game.kruise.io.plugin.alias"] = .string(plugin.alias) }
    } else {
      attributes["game.kruise.io.plugin.available"] = false
    }
    return attributes
  }

  /// The cloud that a network type belongs to, by how it begins.
  private static func provider(_ type: String) -> String {
    let clouds = [
      "kubernetes-": "kubernetes", "alibabacloud-": "alibaba_cloud", "amazonwebservices-": "aws",
      "tencentcloud-": "tencent_cloud", "volcengine-": "volcengine", "jdcloud-": "jdcloud", "hwcloud-": "hwcloud",
    ]
    let type = type.lowercased()
    return clouds.first { type.hasPrefix($0.key) }?.value ?? "unknown"
  }

  /// The network's state as the review found it; a pod that has none yet waits for it.
  private static func state(of pod: Pod) -> String {
    let annotation = pod.metadata.annotations[GameAnnotations.networkStatus]
    switch try? NetworkStatus.parse(annotation: annotation)?.currentNetworkState {
    case nil, "": return "waiting"
    case "NotReady": return "not_ready"
    case let state?: return state.lowercased()
    }
  }

  /// The reconcile that made the API server ask, where whoever wrote the pod says which it was.
  private static func link(of request: AdmissionRequest) -> FinishedSpan.Link? {
    guard let annotations = (request.object.map { Pod($0) })?.metadata.annotations,
      let text = annotations[GameAnnotations.traceParent], let context = TraceContext(traceparent: text)
    else { return nil }
    return FinishedSpan.Link(context, attributes: ["link.reason": "triggered_by_reconcile"])
  }
}

extension PluginError {
  /// What OpenKruiseGame's spans call the kind of failure.
  var traceType: String {
    switch code {
    case .parameter: "parameter_error"
    case .internal: "internal_error"
    case .apiCall: "api_call_error"
    case .retry: "resource_not_ready"
    }
  }
}
