import JSON
public import Kubernetes

/// `AlibabaCloud-AutoNLBs`: network load balancers that Services make, each for as many pods as its ports are enough for.
///
/// Load balancer and ports follow from the pod's number, so admission computes them; the Services are made by the controller.
public struct AlibabaCloudAutoNLBs: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .text("VPC@ZONE:VSWITCH,ZONE:VSWITCH"))

  /// A plugin.
  public init() {}

  /// Demands a range that is enough for one pod, and lines that can be part of names.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { AutoNLBsLayout.check(parameters) }

  /// Names the ports of the first container, as the Services' target ports do, and holds the pod back from being ready until the cloud's
  /// controller has put it behind every line.
  ///
  /// Ports that the container has stay: probes may refer to them by name.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let layout = try AutoNLBsLayout(context.parameters)
    let ordinal = Ordinal.of(context.podKey.name)
    let present = editor.container(.containers, 0, "ports")?.array ?? []
    for entry in layout.entries {
      for proto in entry.proto.expanded {
        let name = Self.portName(entry.port, proto, ordinal)
        guard !present.contains(where: { $0["name"]?.string == name }) else { continue }
        editor.appendToContainer(
          .containers, 0, "ports",
          ["name": .string(name), "containerPort": .int(entry.port), "protocol": .string(proto.rawValue)])
      }
    }
    for line in layout.lines {
      let service = "\(context.set?.name ?? "")-\(AutoNLBsLayout.name(of: line))-\(layout.loadBalancer(of: ordinal))"
      AlibabaCloudKeys.addReadinessGate(service, to: &editor)
    }
    return []
  }

  /// The name by which a Service that holds many pods tells their ports apart.
  static func portName(_ port: Int, _ proto: PortProtocol, _ ordinal: Int) -> String {
    "\(proto.lowercased)-\(ordinal)-\(port)"
  }
}
