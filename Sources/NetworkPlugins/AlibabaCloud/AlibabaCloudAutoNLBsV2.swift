public import Kubernetes

/// `AlibabaCloud-AutoNLBs-V2`: network load balancers and addresses made ahead of time through the cloud's operators.
///
/// Load balancer and ports follow from the pod's number; everything is made by the controller.
public struct AlibabaCloudAutoNLBsV2: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs-V2"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .zoneMaps) + [.allowNotReadyContainers]

  /// A plugin.
  public init() {}

  /// Demands a range that is enough for one pod, and lines that can be part of names.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { AutoNLBsLayout.check(parameters) }

  /// Keeps the pod until the controller has removed the load balancers and addresses, where they go with the GameServerSet.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    _ = try AutoNLBsLayout(context.parameters)
    if ParameterValues(context.parameters).last("RetainNLBOnDelete")?.lowercased() == "false" {
      editor.addFinalizer(Self.finalizer)
    }
    return []
  }

  /// Removed by the controller when nothing has to be cleaned up any more.
  static let finalizer = "game.kruise.io/delete-nlb-on-gss-deleted"
}
