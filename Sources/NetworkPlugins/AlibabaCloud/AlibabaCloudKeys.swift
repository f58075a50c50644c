import JSON
import Kubernetes

/// Labels and conditions that Alibaba Cloud's own controllers read and write.
enum AlibabaCloudKeys {
  /// The instance that a pod is a backend of where pods share a port, or that a Service got from the cloud's controller.
  static let loadBalancerLabel = "service.k8s.alibaba/loadbalancer-id"

  /// Adds the gate that the cloud's controller opens once the pod is a backend of a Service, where it is not there yet.
  static func addReadinessGate(_ service: String, to editor: inout PodEditor) {
    let gate: JSONValue = ["conditionType": .string("service.readiness.alibabacloud.com/\(service)")]
    guard editor.spec("readinessGates")?.array?.contains(gate) != true else { return }
    editor.appendToSpec("readinessGates", gate)
  }
}
