/// Annotations of Services that Huawei Cloud's controller reads and writes.
enum HwCloudKeys {
  /// The prefix of all of them.
  static let prefix = "kubernetes.io/elb."
  /// The load balancer that a Service uses.
  static let loadBalancer = prefix + "id"
}
