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
    editor.setAnnotation("jdos.jd.com/eip.enable", "true")
    editor.setAnnotation("jdos.jd.com/eip-name", context.podKey.description)
    for (parameter, annotation) in Self.annotations {
      if let value = values.last(parameter) { editor.setAnnotation(annotation, value) }
    }
    return []
  }

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
