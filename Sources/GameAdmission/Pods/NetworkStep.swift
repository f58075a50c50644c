import Admission
import JSON
import Kubernetes
import NetworkPlugins
import Telemetry

/// Gives the pod the network of its set: the two annotations, the plugin's own edits, and a first status.
struct NetworkStep: Mutator {
  let name = "network"
  let plugins: PluginRegistry
  let cluster: any ClusterReader
  let validation: ValidationMode

  /// What a plugin without an address yet reports; times that are not set are left out.
  private static let firstStatus = #"{"currentNetworkState":"NotReady"}"#

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    annotate(&review, &context)
    guard let type = review.editor.annotation(GameAnnotations.networkType) else {
      return context.skipped("neither the pod nor GameServerSet \(review.set) names a network")
    }
    guard let plugin = plugins.plugin(named: type) else {
      context.warn("network type \"\(type)\" is of no enabled provider, so the pod gets no network", .high)
      return context.skipped("network type \"\(type)\" is none of \(plugins.names.joined(separator: ", "))")
    }
    let notes: [PluginNote]
    do {
      notes = try context.step(
        "execute network plugin", attributes(plugin), failure: { ($0.traceType, $0.message) }
      ) { () throws(PluginError) in
        try plugins.admit(
          &review.editor, podKey: review.key, handOutKey: review.handOutKey, isDryRun: review.isDryRun,
          isStrict: validation == .strict, cluster: cluster)
      }
    } catch {
      throw failure(error, type)
    }
    context.audit(PodTrace.pluginKey, plugin.name)
    context.acted("plugin \(plugin.name) admitted the pod")
    for note in notes { take(note, &context) }
    guard review.editor.annotation(GameAnnotations.networkStatus) == nil else { return }
    review.editor.setAnnotation(GameAnnotations.networkStatus, NetworkStep.firstStatus)
    context.acted("annotation \(GameAnnotations.networkStatus): NotReady, until the plugin's controller knows more")
  }

  private func attributes(_ plugin: any NetworkPlugin) -> PodTrace.Attributes {
    var attributes = PodTrace.network(plugin.name, plugin)
    attributes["game.kruise.io.plugin.operation"] = "create"
    return attributes
  }

  /// Copies the set's network where the pod's template was made before the set had it, or by another controller.
  private func annotate(_ review: inout PodReview, _ context: inout ReviewContext) {
    let annotations = review.editor.pod.metadata.annotations
    let hasType = annotations.contains(GameAnnotations.networkType)
    guard !hasType || !annotations.contains(GameAnnotations.networkConf) else { return }
    guard let network = cluster.gameServerSet(review.set)?.network, !network.type.isEmpty else { return }
    if !hasType {
      review.editor.setAnnotation(GameAnnotations.networkType, network.type)
      context.acted("annotation \(GameAnnotations.networkType): \(network.type), from GameServerSet \(review.set)")
    } else if !annotations.has(GameAnnotations.networkType, network.type) {
      return
    }
    guard !annotations.contains(GameAnnotations.networkConf) else { return }
    let text = NetworkParameter.annotation(network.hasParameters ? network.parameters : nil)
    review.editor.setAnnotation(GameAnnotations.networkConf, text)
    context.acted("annotation \(GameAnnotations.networkConf): \(text), from GameServerSet \(review.set)")
  }

  private func failure(_ error: PluginError, _ type: String) -> ReviewFailure {
    switch error.code {
    case .parameter, .internal: .refused("\(type): \(error.message)")
    case .apiCall, .retry: .unavailable("\(type): \(error.message)")
    }
  }

  private func take(_ note: PluginNote, _ context: inout ReviewContext) {
    switch note {
    case .audit(let key, let value):
      context.acted("\(key): \(value)")
      if let key = AuditKey(key) { context.audit(key, value) }
    case .warning(let text): context.warn(text)
    }
  }
}
