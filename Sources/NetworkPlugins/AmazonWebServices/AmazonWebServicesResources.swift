import JSON
import Kubernetes

/// Custom resources of Amazon's controllers: ACK's for the load balancer, and those of the load balancer controller for its backends.
enum AmazonWebServicesResources {
  /// A group of addresses that a listener forwards to.
  static let targetGroups = Resource(
    group: "elbv2.services.k8s.aws", version: "v1alpha1", plural: "targetgroups", kind: "TargetGroup")
  /// A port of a load balancer.
  static let listeners = Resource(
    group: "elbv2.services.k8s.aws", version: "v1alpha1", plural: "listeners", kind: "Listener")
  /// What puts the pods of a Service into a target group.
  static let targetGroupBindings = Resource(
    group: "elbv2.k8s.aws", version: "v1beta1", plural: "targetgroupbindings", kind: "TargetGroupBinding")
}

/// Labels, annotations and names that Amazon's controllers and the plugin agree on.
enum AmazonWebServicesKeys {
  /// The annotation with the load balancer that a Service or a target group uses.
  static let loadBalancer = "service.beta.kubernetes.io/aws-load-balancer-nlb-arn"
  /// The annotation of a target group with the port of its listener.
  static let port = "service.beta.kubernetes.io/aws-load-balancer-nlb-port"
  /// The label of a target group that says whether its listener and binding are there.
  static let synced = "aws-load-balancer-nlb-target-group-synced"
  /// The most characters of a target group's name (CreateTargetGroup in the API reference of Elastic Load Balancing).
  static let nameLimit = 32

  /// The labels of every object that is made for a pod.
  static func labels(_ pod: Pod) -> JSONObject {
    ["managed-by": "game.kruise.io", GameLabels.podName: .string(pod.name)]
  }

  /// The tags of every resource in the cloud.
  static let tags: JSONValue = [["key": "managed-by", "value": "game.kruise.io"]]

  /// The name of a target group in the cloud: the object's own where the cloud takes it, or else its beginning and its hash.
  static func cloudName(_ name: String) -> String {
    let legal = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    guard legal.count > nameLimit || legal != name else { return name }
    let hash = StableHash.configuration(name)
    return legal.prefix(nameLimit - hash.count - 1) + "-" + hash
  }

  /// The host name of a network load balancer; empty for an ARN of anything else.
  static func hostName(of arn: String) -> String {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    let prefix = "loadbalancer/net/"
    guard parts.count == 6, parts[5].hasPrefix(prefix) else { return "" }
    let name = parts[5].dropFirst(prefix.count).split(separator: "/").joined(separator: "-")
    return "\(name).elb.\(parts[3]).amazonaws.com"
  }
}
