public import Kubernetes

/// `HwCloud-CCE-ELB`: ports of one load balancer, or a load balancer of its own, for each pod, in the cloud's own words.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct HwCloudCCEELB: NetworkPlugin {
  /// The `networkType`.
  public let name = "HwCloud-CCE-ELB"
  /// The name that plugins of this kind share.
  public let alias = "CCE-ELB-Network"
  /// Huawei Cloud.
  public let provider = NetworkProvider.hwCloud
  /// The load balancer, the ports and the Service's fields.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(loadBalancer, .id, "Load balancer that exists already."),
    ParameterDeclaration(autoCreate, .json, "What a load balancer for each pod is made of."),
    .portProtocols(), .fixed, .externalTrafficPolicy(default: "Cluster"), .allowNotReadyContainers,
  ]
  /// They become annotations of the Service.
  public let otherParameters = OtherParameters.passedOn("annotation of the Service")

  private static let loadBalancer = "kubernetes.io/elb.id"
  private static let autoCreate = "kubernetes.io/elb.autocreate"

  /// A plugin.
  public init() {}

  /// Demands exactly one of the two ways to a load balancer.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] {
    let values = ParameterValues(parameters)
    let (id, template) = (values.text(Self.loadBalancer), values.text(Self.autoCreate))
    switch (id, template) {
    case (nil, nil):
      return [
        ParameterProblem(
          parameter: Self.loadBalancer, value: "", message: "is missing, and so is \(Self.autoCreate); expected one")
      ]
    case (let id?, .some):
      return [
        ParameterProblem(
          parameter: Self.loadBalancer, value: id,
          message: "\(Self.loadBalancer) and \(Self.autoCreate) cannot be filled in simultaneously; expected one")
      ]
    default: return []
    }
  }
}
