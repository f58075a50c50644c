import JSON
import Kubernetes

/// Labels, annotations and conditions that Alibaba Cloud's own controllers read and write.
enum AlibabaCloudKeys {
  /// The instance that a pod is a backend of where pods share a port, or that a Service got from the cloud's controller.
  static let loadBalancerLabel = "service.k8s.alibaba/loadbalancer-id"

  /// The prefix of the annotations of a Service that the cloud's controller reads.
  static let prefix = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
  /// The annotation of a Service with the instance that it uses.
  static let loadBalancerID = prefix + "id"
  /// The annotation that lets a Service add listeners to an instance that it did not make.
  static let forceOverride = prefix + "force-override-listeners"
  /// Tells kube-proxy to leave the Service alone: its only clients come through the instance.
  static let serviceLabels: JSONObject = ["service.kubernetes.io/service-proxy-name": "dummy"]
  /// The class of Services that network load balancers serve.
  static let networkClass = "alibabacloud.com/nlb"

  /// The ports of instances of a kind.
  static func portSpace(_ name: String, _ range: PortRange) -> PortSpace {
    PortSpace(name, range, annotation: loadBalancerID, label: loadBalancerLabel)
  }

  /// The refusal where no instance has enough free ports; the text is that of the compatibility target, down to its spelling.
  static func exhausted(_ ids: [String]) -> PluginError {
    PluginError(.parameter, "there are no avaialable ports for [\(ids.joined(separator: " "))]")
  }

  /// The annotations of a Service that uses an instance.
  static func annotations(loadBalancer id: String, _ more: JSONObject) -> JSONObject {
    var annotations: JSONObject = [forceOverride: "true", loadBalancerID: .string(id)]
    for member in more.members { annotations[member.name] = member.value }
    return annotations
  }

  /// Adds the gate that the cloud's controller opens once the pod is a backend of a Service, where it is not there yet.
  static func addReadinessGate(_ service: String, to editor: inout PodEditor) {
    let gate: JSONValue = ["conditionType": .string("service.readiness.alibabacloud.com/\(service)")]
    guard editor.spec("readinessGates")?.array?.contains(gate) != true else { return }
    editor.appendToSpec("readinessGates", gate)
  }
}
