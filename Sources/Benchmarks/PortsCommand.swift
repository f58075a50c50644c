import ArgumentParser
import JSON
import Kubernetes
import NetworkPlugins

/// Prints what giving ports of load balancers costs, with few and with many held.
struct PortsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports", abstract: "Print the cost of giving ports of load balancers.",
    discussion: """
      Pods of one network take a port each, and their Services come into the store, as they do in a cluster. The cost of the next ports \
      is measured at several numbers of ports that are held, then the time in which a new process learns of all of them.
      """)

  @Option(help: ArgumentHelp("Pods that hold a port at the end.", valueName: "count"))
  var pods = 5_000

  func validate() throws {
    guard pods >= 10, pods <= 100_000 else { throw ValidationError("--pods takes 10 to 100000.") }
  }

  func run() throws {
    let bench = PortsBenchmark(pods: pods)
    var table = Table("ports of load balancers with \(bench.perLoadBalancer) each", "µs", "CPU µs", "blocks", "bytes")
    for held in [pods / 10, pods] {
      try bench.fill(upTo: held)
      table.add(try bench.allocation("a port for a new pod, \(held) held").cells)
      table.add(try bench.again("the port of a pod that has one, \(held) held").cells)
    }
    table.add(bench.change("a Service that comes and goes, \(pods) held").cells)
    print(table.text)
    let times = (0..<5).map { _ in bench.rebuild() }.sorted()
    print("learning of \(pods) Services: \(Table.decimal(times[2] / .milliseconds(1))) ms")
  }
}

/// An allocator with a store that shows what it gave.
private final class PortsBenchmark {
  private let store = ObjectStore()
  private let space: PortSpace
  private let ports: LoadBalancerPorts
  private let demand: PortDemand
  private var held = 0
  /// How many ports a load balancer has in the configuration that is shipped.
  let perLoadBalancer: Int
  private let now = Timestamp(seconds: 0)

  init(pods: Int) {
    let range = ProviderConfiguration.shipped.alibabaCloud.nlb
    perLoadBalancer = range.maxPort - range.minPort + 1 - range.blockPorts.count
    space = PortSpace("bench", range, annotation: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id")
    ports = LoadBalancerPorts([space])
    ports.observe(store)
    // One load balancer more than the pods need, so that the last ones are found as well.
    demand = PortDemand(
      space, oneOf: (0...pods / perLoadBalancer + 1).map { "nlb-\($0)" }, entries: [ProtocolPort(80, .tcp)],
      exhausted: PluginError(.internal, "exhausted"))
  }

  func fill(upTo count: Int) throws {
    while held < count {
      let key = NamespacedName("default", "game-\(held)")
      store.set(.services, service(key, try ports.allocate(demand, for: PortHolder(key), at: now).holding))
      held += 1
    }
  }

  func allocation(_ title: String) throws -> Measurement {
    var next = 0
    return try Measurement.of(title, iterations: 100) {
      let key = NamespacedName("default", "new-\(next)")
      next += 1
      _ = try ports.allocate(demand, for: PortHolder(key), at: now)
      // What is not shown ends at once, so that every round finds the same.
      ports.forget(key, at: now + .seconds(-120))
    }
  }

  func again(_ title: String) throws -> Measurement {
    var next = 0
    return try Measurement.of(title, iterations: 1_000) {
      next = (next + 7) % held
      _ = try ports.allocate(demand, for: PortHolder(NamespacedName("default", "game-\(next)")), at: now)
    }
  }

  func change(_ title: String) -> Measurement {
    let key = NamespacedName("default", "game-0")
    let object = store.object(.services, key)
    return Measurement.of(title, iterations: 100) {
      store.remove(.services, key)
      if let object { store.set(.services, object) }
    }
  }

  /// The time in which another process knows who holds what.
  func rebuild() -> Duration {
    let objects = store.objects(.services, .all(namespace: nil))
    let start = ContinuousClock.now
    let store = ObjectStore()
    let ports = LoadBalancerPorts([space])
    ports.observe(store)
    store.replace(.services, with: objects)
    precondition(ports.report.reduce(0) { $0 + $1.held } == held, "the rebuilt allocator knows of every port")
    return .now - start
  }

  private func service(_ key: NamespacedName, _ holding: PortHolding) -> KubernetesObject {
    let port = holding.port(for: ProtocolPort(80, .tcp)) ?? 0
    return KubernetesObject([
      "metadata": [
        "name": .string(key.name), "namespace": .string(key.namespace), "uid": .string("uid-\(key.name)"),
        "resourceVersion": .string(key.name),
        "annotations": .object([space.annotation: .string(holding.loadBalancers[0])]),
      ],
      "spec": [
        "type": "LoadBalancer", "selector": .object([GameLabels.podName: .string(key.name)]),
        "ports": [["name": "80", "port": .int(port), "protocol": "TCP", "targetPort": 80]],
      ],
    ])
  }
}
