import Kubernetes

/// Custom resources of Alibaba Cloud's controllers and operators.
enum AlibabaCloudResources {
  /// The DNAT entries of a pod.
  static let podDNATs = Resource(group: "alibabacloud.com", version: "v1beta1", plural: "poddnats", kind: "PodDNAT")
  /// The elastic address of a pod.
  static let podEIPs = Resource(group: "alibabacloud.com", version: "v1beta1", plural: "podeips", kind: "PodEIP")
  /// A network load balancer.
  static let nlbs = Resource(group: "nlboperator.alibabacloud.com", version: "v1", plural: "nlbs", kind: "NLB")
  /// An elastic address.
  static let eips = Resource(group: "eip.alibabacloud.com", version: "v1alpha1", plural: "eips", kind: "EIP")
}
