import HotReload
import JSON
import Kubernetes
import SimulatedCluster

/// Injects the sidecar into pods as the webhook does, without a server between.
struct SidecarAdmission: AdmissionChain {
  /// Whether the cluster has native sidecars.
  var native = true

  func mutate(_ attempt: AdmissionAttempt) async throws(KubernetesError) -> JSONValue? {
    guard attempt.operation == "CREATE", attempt.resource == .pods, attempt.subresource.isEmpty,
      let object = attempt.object
    else { return Optional.none }
    var editor = PodEditor(KubernetesObject(object).as(Pod.self))
    do throws(HotReloadError) {
      _ = try HotReloadInjector.inject(
        &editor, HotReloadDefaults(agentImage: "gatehouse:test", serverSupportsNativeSidecars: native))
    } catch {
      throw KubernetesError(.forbidden, status: 403, message: error.description)
    }
    return editor.result
  }

  func validate(_ attempt: AdmissionAttempt) async throws(KubernetesError) {}
}
