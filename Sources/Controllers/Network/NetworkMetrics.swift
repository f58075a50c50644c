public import NetworkPlugins
public import Telemetry

/// The gauges of load balancer ports: what there is to give, and what is held.
public struct NetworkMetrics: Sendable {
  private let ports: LoadBalancerPorts

  /// Gauges of an allocator.
  public init(_ ports: LoadBalancerPorts) { self.ports = ports }

  /// Adds the gauges to what a registry collects.
  public func register(in registry: MetricRegistry) {
    registry.onCollect { [ports] collection in
      for report in ports.report {
        let labels: LabelSet = ["range": report.space, "load_balancer": report.loadBalancer]
        collection.gauge(
          "gatehouse_load_balancer_ports_usable", help: "Ports of a load balancer that may be given to pods.",
          labels: labels, Double(report.usable))
        collection.gauge(
          "gatehouse_load_balancer_ports_held", help: "Ports of a load balancer that Services hold or are about to.",
          labels: labels, Double(report.held))
      }
    }
  }
}
