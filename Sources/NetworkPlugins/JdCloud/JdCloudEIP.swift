public import Kubernetes

/// `JdCloud-EIP`: an elastic address for each pod, made by the cloud's controller from the pod's annotations.
public struct JdCloudEIP: NetworkPlugin {
  /// The `networkType`.
  public let name = "JdCloud-EIP"
  /// The name that plugins of this kind share.
  public let alias = "EIP-Network"
  /// JD Cloud.
  public let provider = NetworkProvider.jdCloud
  /// What the cloud's controller reads; it knows what it accepts.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("Bandwidth", .text("Mbit/s as the cloud writes it"), "Bandwidth of the address."),
    ParameterDeclaration("BandWidth", .text("Mbit/s as the cloud writes it"), "Another spelling of Bandwidth."),
    ParameterDeclaration(
      "ChargeType", .text("postpaid_by_usage or postpaid_by_duration"), "How the address is paid for."),
    ParameterDeclaration("Fixed", .bool, "Whether the address outlives the pod."),
    ParameterDeclaration("AssignEIP", .bool, "Whether the address EIPId is used and none is made."),
    ParameterDeclaration("EIPId", .text("an id"), "Address that exists already."),
  ]

  /// A plugin.
  public init() {}

  /// Writes the annotations that the cloud's controller reads.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    editor.setAnnotation(Self.enable, "true")
    editor.setAnnotation("jdos.jd.com/eip-name", context.podKey.description)
    for (parameter, annotation) in Self.annotations {
      if let value = values.last(parameter) { editor.setAnnotation(annotation, value) }
    }
    return []
  }

  /// Shows the address once the cloud's controller has written its id and itself on the pod.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let annotations = context.pod.metadata.annotations
    guard annotations.has(Self.enable, "true") else { throw PluginError(.internal, "eip plugin is not enabled") }
    guard annotations.contains("jdos.jd.com/eip.id"), let address = annotations["jdos.jd.com/eip.ip"],
      !address.isEmpty, !context.pod.podIP.isEmpty
    else { return NetworkPlan(context.keeping(.waiting)) }
    return NetworkPlan(
      NetworkStatus(
        .ready, internalAddresses: [NetworkStatus.Address(ip: context.pod.podIP)],
        externalAddresses: [NetworkStatus.Address(ip: address)]))
  }

  private static let enable = "jdos.jd.com/eip.enable"

  /// Both spellings of the bandwidth lead to the cloud's own; where both are given the first one of the manual wins.
  private static let annotations = [
    ("BandWidth", "jdos.jd.com/eip.bandwith"),
    ("Bandwidth", "jdos.jd.com/eip.bandwith"),
    ("ChargeType", "jdos.jd.com/eip.chargeMode"),
    ("Fixed", "jdos.jd.com/eip.static"),
    ("AssignEIP", "jdos.jd.com/eip.userAssign"),
    ("EIPId", "jdos.jd.com/eip.id"),
  ]
}
