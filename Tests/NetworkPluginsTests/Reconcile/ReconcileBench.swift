import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

/// Makes plans of plugins for pods that are written as JSON, on a cluster that is a store.
struct ReconcileBench {
  let bench = AdmissionBench()
  let ports: LoadBalancerPorts
  var store: ObjectStore { bench.store }

  init() {
    ports = LoadBalancerPorts(bench.registry.portSpaces)
    ports.observe(bench.store)
    add(.gameServerSets, ["metadata": ["namespace": "ns", "name": "game", "uid": "set-1"]])
  }

  func add(_ resource: Resource, _ object: JSONValue) { store.set(resource, KubernetesObject(object)) }

  /// A pod of the set `game` as it is once it runs.
  func pod(
    _ type: String, _ parameters: KeyValuePairs<String, String>, name: String = "game-3", uid: String = "pod-1",
    labels: JSONObject = JSONObject(), status: NetworkStatus? = .notReady, node: String = "n1", ip: String = "10.0.0.3",
    isReady: Bool = true, annotations: JSONObject = JSONObject()
  ) throws -> Pod {
    var pod = JSONValue(try bench.pod(type, parameters, name: name).json)
    pod["metadata"]?["uid"] = .string(uid)
    for label in labels.members { pod["metadata"]?["labels"]?[label.name] = label.value }
    for member in annotations.members { pod["metadata"]?["annotations"]?[member.name] = member.value }
    if let status { pod["metadata"]?["annotations"]?[GameAnnotations.networkStatus] = .string(status.text) }
    pod["spec"]?["nodeName"] = .string(node)
    pod["status"] = [
      "phase": "Running", "podIP": .string(ip),
      "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]],
    ]
    return KubernetesObject(pod).as(Pod.self)
  }

  func context(_ pod: Pod) throws -> NetworkContext {
    let network = try #require(try PodNetwork.read(pod))
    return NetworkContext(pod: pod, network: network, now: Timestamp(seconds: 0), cluster: store)
  }

  /// The plan for a pod, with ports where the plugin needs some.
  func plan(_ pod: Pod) throws -> NetworkPlan {
    var context = try context(pod)
    let plugin = try #require(bench.registry.plugin(named: context.network.type))
    if let demand = try plugin.demand(context) {
      context = context.with(try ports.allocate(demand, for: context.holder, at: context.now).holding)
    }
    return try plugin.plan(context)
  }

  /// Puts what a plan writes into the store, as an API server would that has no defaults, with some ingress points.
  func carryOut(_ plan: NetworkPlan, ingress: JSONValue? = nil) {
    for write in plan.writes {
      var object = write.draft.value
      if let ingress { object["status"] = ["loadBalancer": ["ingress": ingress]] }
      add(write.draft.resource, object)
    }
  }
}
