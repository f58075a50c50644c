/// `AlibabaCloud-SLB-SharedPort`: pods share a port of a classic load balancer, which balances over them.
///
/// The label that makes a pod a backend names the chosen instance, and the choice needs the number of backends of each instance. So it is
/// made by the controller as soon as the pod exists, not in admission.
public struct AlibabaCloudSLBSharedPort: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-SLB-SharedPort"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and further Services; the last `PortProtocols` and `SlbIds` count.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("SlbIds", .ids, required: true, "Instances, each for at most 200 pods."),
    ParameterDeclaration(
      "PortProtocols", .ports(.tcpAndUDP), required: true, "Ports, the same inside and outside."),
    .allowNotReadyContainers,
    ParameterDeclaration(
      "ManagedServiceNames", .names, "Further Services of the namespace that in-place updates keep reachable."),
    ParameterDeclaration(
      "ManagedServiceSelector", .label, "Label of the pod that is set and removed together with the instance's."),
  ]

  /// A plugin.
  public init() {}
}
