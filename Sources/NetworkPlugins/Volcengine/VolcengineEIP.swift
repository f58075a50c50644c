import JSON
public import Kubernetes

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

  /// Writes the annotations that the cloud's controller reads: an existing address, or the attributes of a new one.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    if let id = values.text(Self.existing) {
      editor.setAnnotation(Self.existing, id)
      return []
    }
    editor.setAnnotation("vke.volcengine.com/primary-eip-allocate", #"{"type": "Elastic"}"#)
    editor.setAnnotation("vke.volcengine.com/primary-eip-attributes", try Self.attributes(values).text)
    return []
  }

  /// Shows the addresses that the cloud's controller wrote on the pod.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    guard let text = context.pod.metadata.annotations[Self.allocated] else {
      return NetworkPlan(context.keeping(.waiting))
    }
    guard let list = try? JSONDocument(text).root, list.isArray else {
      throw PluginError(.parameter, "annotation \(Self.allocated) of \(context.pod.key) is no JSON array")
    }
    // An empty list is what the controller writes before it has allocated anything.
    guard !list.isEmpty else { return NetworkPlan(context.keeping(.waiting)) }
    var status = NetworkStatus(.ready)
    for element in list.elements {
      // The key beside its siblings EniId and EipAddress is EniIp; niIp is how the compatibility target reads it.
      let inside = [element["EniIp"]?.string, element["niIp"]?.string].compactMap(\.self).first { !$0.isEmpty }
      status.internalAddresses.append(NetworkStatus.Address(ip: inside ?? context.pod.podIP))
      status.externalAddresses.append(NetworkStatus.Address(ip: element["EipAddress"]?.string ?? ""))
    }
    return NetworkPlan(status)
  }

  private static let allocated = "vke.volcengine.com/allocated-eips"
  private static let existing = "vke.volcengine.com/primary-eip-id"

  /// The attributes of a new address: every parameter, numbers as numbers, the keys sorted.
  private static func attributes(_ values: ParameterValues) throws(PluginError) -> JSONValue {
    var attributes: [String: JSONValue] = [:]
    for name in Set(values.entries.map(\.name)) {
      switch name {
      case existing, "", ParameterDeclaration.allowNotReadyContainersName: continue
      case "billingType", "bandwidth":
        attributes[name] = .int(try values.int(name, in: Int.min...Int.max, default: 0))
      default: attributes[name] = .string(values.last(name) ?? "")
      }
    }
    if attributes.isEmpty {
      attributes["description"] = "Created by the OKG Volcengine EIP plugin. Do not delete or modify."
    }
    return .object(JSONObject(attributes.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, $0.value) }))
  }
}
