import JSON
import Kubernetes

/// What both plugins that make network load balancers by themselves make them of.
struct AutoNLBsConfiguration: Sendable {
  let layout: AutoNLBsLayout
  let zoneMaps: String
  let reserve: Int
  let trafficPolicy: String
  let healthCheck: JSONObject
  /// Whether load balancers and addresses outlive the set.
  let retains: Bool
  let protections: [String]

  init(_ parameters: [NetworkParameter]) throws(PluginError) {
    let values = ParameterValues(parameters)
    layout = try AutoNLBsLayout(parameters)
    zoneMaps = values.last("ZoneMaps") ?? ""
    guard !zoneMaps.isEmpty else {
      throw PluginError(ParameterProblem(parameter: "ZoneMaps", value: "", message: "is missing"))
    }
    reserve = try values.int("ReserveNlbNum", in: 0...1000, default: 1)
    trafficPolicy = try values.trafficPolicy(default: "Local")
    healthCheck = try AlibabaCloudHealthCheck.network(values)
    retains = values.last("RetainNLBOnDelete")?.lowercased() != "false"
    protections = IDList.parse(values.all("SecurityProtectionTypes"))
  }

  /// The fields of a Service that only one of type `LoadBalancer` may have.
  var typeFields: JSONObject {
    [
      "loadBalancerClass": .string(AlibabaCloudKeys.networkClass), "allocateLoadBalancerNodePorts": false,
      "externalTrafficPolicy": .string(trafficPolicy),
    ]
  }

  /// How many load balancers each line should have for a set.
  func count(_ context: SetNetworkContext) -> Int {
    layout.loadBalancerCount(highest: context.highestOrdinal, reserve: reserve)
  }

  /// Whether a line stays inside the private network.
  static func isIntranet(_ line: String) -> Bool { line.contains("intranet") }
}
