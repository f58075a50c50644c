/// `Volcengine-EIP`: an elastic address for each pod, made by the cloud's network controller from the pod's annotations.
public struct VolcengineEIP: NetworkPlugin {
  /// The `networkType`.
  public let name = "Volcengine-EIP"
  /// The name that plugins of this kind share.
  public let alias = "EIP-Network"
  /// Volcengine.
  public let provider = NetworkProvider.volcengine
  /// An existing address, or the attributes of a new one.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("vke.volcengine.com/primary-eip-id", .text("an id"), "Address that exists already."),
    ParameterDeclaration("billingType", .number, "How a new address is paid for, as the cloud numbers it."),
    ParameterDeclaration("bandwidth", .number, "Bandwidth of a new address in Mbit/s."),
    ParameterDeclaration("name", .text("any text"), "Name of a new address."),
    ParameterDeclaration("isp", .text("a line of the cloud"), "Line of a new address."),
    ParameterDeclaration("projectName", .text("any text"), "Project of a new address."),
    ParameterDeclaration("bandwidthPackageId", .text("an id"), "Bandwidth package that a new address joins."),
    ParameterDeclaration("description", .text("any text"), "Description of a new address."),
  ]
  /// They become attributes as well.
  public let otherParameters = OtherParameters.passedOn("attribute of a new address")

  /// A plugin.
  public init() {}
}
