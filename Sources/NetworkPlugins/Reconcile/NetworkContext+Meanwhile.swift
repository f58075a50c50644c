import JSON
import Kubernetes

extension NetworkContext {
  /// What happens for a pod whose network cannot be set up at present.
  ///
  /// Services are cut off while the network is disabled, and updates in place go on. Everything else stays as it is.
  ///
  /// - Parameter cut: what has to change in the specification of a Service to cut it off; nil for a network that cannot be cut.
  func meanwhile(_ cut: ((Service) -> JSONObject)?) -> NetworkPlan {
    var plan = NetworkPlan()
    let services = ownServices
    for service in services {
      var spec = isDisabled ? cut?(service) ?? JSONObject() : JSONObject()
      if let gate = gate(service) {
        plan.hold(back: gate.blocker)
        if gate.publishesNotReady, !service.publishesNotReady { spec["publishNotReadyAddresses"] = true }
      }
      if !spec.isEmpty { plan.changes.append(ObjectChange(.services, service, ["spec": .object(spec)])) }
    }
    // Nothing has to publish the pod before its update where nothing leads to it.
    if services.isEmpty, let gate = gate(nil) { plan.hold(back: gate.publishesNotReady ? "false" : gate.blocker) }
    if isDisabled, cut != nil { plan.status = keeping(.notReady) }
    return plan
  }

  /// The same for pods that are behind the Service of an instance by a label.
  func meanwhileBehind(_ label: String) -> NetworkPlan {
    var plan = NetworkPlan()
    let service = pod.metadata.labels[label].flatMap { self.service($0) }
    if let gate = gate(service, isShared: true) { plan.hold(back: gate.publishesNotReady ? "false" : gate.blocker) }
    guard isDisabled else { return plan }
    plan.labels[label] = .some(nil)
    plan.status = keeping(.notReady)
    return plan
  }

  /// The Services that were made for the pod and lead to it alone.
  private var ownServices: [Service] {
    holder.owners.sorted().flatMap { cluster.objects(.services, .owner(uid: $0)) }.map { $0.as(Service.self) }
      .filter { service in
        let name = service.selector[GameLabels.podName] ?? service.selector[Service.disabledSelector]
        return service.namespace == pod.namespace && name == pod.name && !service.metadata.isBeingDeleted
      }
  }
}

extension Service {
  /// What cuts the Service off from a load balancer.
  var cutFromLoadBalancer: JSONObject {
    json["spec"]?["type"]?.isString("LoadBalancer") == true ? ["type": "ClusterIP"] : [:]
  }
}
