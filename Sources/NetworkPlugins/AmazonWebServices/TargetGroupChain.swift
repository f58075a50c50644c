import JSON
import Kubernetes

/// The three objects behind each port of a pod on a load balancer: a target group, a listener that forwards to it, and a binding that puts the pod
/// into it.
///
/// The cloud's controllers need the group's own id for the other two, so these follow once the group is there.
struct TargetGroupChain: Sendable {
  let context: NetworkContext
  let configuration: AmazonWebServicesNLB.Configuration
  let loadBalancer: String
  let owner: OwnerReference

  private typealias Resources = AmazonWebServicesResources
  private typealias Keys = AmazonWebServicesKeys

  /// Puts what a port needs into a plan.
  ///
  /// - Returns: whether players get through: all three are there as they should be.
  /// - Throws: an internal error where objects of somebody else have the names.
  func settle(_ port: Int, for entry: ProtocolPort, in plan: inout NetworkPlan) throws(PluginError) -> Bool {
    let key = context.key("\(context.pod.name)-\(port)")
    let fields = fields(key.name, entry)
    if case .own(let live) = context.claim(Resources.targetGroups, key), isOutdated(live, fields) {
      remove(key, in: &plan)
      return false
    }
    let isForwarding = try forward(key, port, entry, in: &plan)
    let draft = targetGroup(key, port, fields, isForwarding)
    return try context.settle(draft, in: &plan) != nil && isForwarding
  }

  /// Removes the objects of ports that the pod does not hold any more.
  ///
  /// - Returns: whether none of them is there.
  func removeSurplus(keeping ports: Set<Int>, in plan: inout NetworkPlan) -> Bool {
    let wanted = Set(ports.map { "\(context.pod.name)-\($0)" })
    var isClear = true
    for resource in Self.inOrderOfRemoval {
      for object in Self.objects(resource, of: context) where !wanted.contains(object.name) {
        isClear = false
        if !object.metadata.isBeingDeleted { plan.removals.append(NetworkPlan.Removal(resource, object)) }
      }
    }
    return isClear
  }

  /// The objects of a resource that were made for a pod.
  static func objects(_ resource: Resource, of context: NetworkContext) -> [KubernetesObject] {
    context.holder.owners.sorted().flatMap { context.cluster.objects(resource, .owner(uid: $0)) }.filter { object in
      object.metadata.labels.has(GameLabels.podName, context.pod.name)
        && object.key.namespace == context.pod.namespace
    }
  }

  /// Nothing may lead to a group that goes.
  private static let inOrderOfRemoval = [Resources.targetGroupBindings, Resources.listeners, Resources.targetGroups]

  private func remove(_ key: NamespacedName, in plan: inout NetworkPlan) {
    for resource in Self.inOrderOfRemoval { remove(resource, key, in: &plan) }
  }

  private func remove(_ resource: Resource, _ key: NamespacedName, in plan: inout NetworkPlan) {
    guard case .own(let object) = context.claim(resource, key), !object.metadata.isBeingDeleted else { return }
    plan.removals.append(NetworkPlan.Removal(resource, object))
  }

  /// Puts the listener, and unless the network is disabled the binding, into a plan once the group has its id.
  private func forward(
    _ key: NamespacedName, _ port: Int, _ entry: ProtocolPort, in plan: inout NetworkPlan
  ) throws(PluginError) -> Bool {
    if context.isDisabled { remove(Resources.targetGroupBindings, key, in: &plan) }
    guard case .own(let group) = context.claim(Resources.targetGroups, key), !group.metadata.isBeingDeleted,
      let id = group.json["status"]?["ackResourceMetadata"]?["arn"]?.string
    else { return false }
    // A group that was synced once stays behind its listener while the controller looks at it again.
    guard group.isSynced || context.cluster.object(Resources.listeners, key) != nil else { return false }
    let listener = try context.settle(listener(key, port, entry, id), in: &plan)
    guard !context.isDisabled else { return false }
    let binding = try context.settle(binding(key, port, id), in: &plan)
    return listener != nil && binding != nil
  }
}

extension TargetGroupChain {
  /// What a target group is made of.
  private func fields(_ name: String, _ entry: ProtocolPort) -> JSONObject {
    var spec: JSONObject = [
      "name": .string(Keys.cloudName(name)), "protocol": .string(entry.proto.cloudWord), "port": .int(entry.port),
      "targetType": "ip",
    ]
    if let vpcID = configuration.vpcID { spec["vpcID"] = .string(vpcID) }
    for field in configuration.healthCheck { spec[field.name] = field.value }
    spec["tags"] = Keys.tags
    return spec
  }

  /// Whether a group differs in what the cloud never changes, so that a new one has to take its place.
  private func isOutdated(_ live: KubernetesObject, _ wanted: JSONObject) -> Bool {
    ["name", "protocol", "port", "targetType", "vpcID"].contains { field in
      guard let value = wanted[field], let there = live.json["spec"]?[field] else { return false }
      return !there.isEqual(to: value)
    }
  }

  private func targetGroup(
    _ key: NamespacedName, _ port: Int, _ fields: JSONObject, _ isForwarding: Bool
  ) -> ObjectDraft {
    var labels = Keys.labels(context.pod)
    labels[Keys.synced] = isForwarding ? "true" : "false"
    // A field that was taken out of the parameter is one that the group has and the draft has not, as are those that the cloud's controller
    // fills in: the hash tells that the group has to be applied again.
    let annotations: JSONObject = [
      Keys.loadBalancer: .string(loadBalancer), Keys.port: .string(String(port)),
      GameAnnotations.networkConfigHash: .string(configuration.healthCheckHash),
    ]
    return ObjectDraft(
      Resources.targetGroups, key, labels: labels,
      annotations: annotations, owner: owner, ["spec": .object(fields)],
      gentle: [
        ["metadata", "labels", Keys.synced], ["metadata", "annotations", GameAnnotations.networkConfigHash],
      ])
  }

  private func listener(_ key: NamespacedName, _ port: Int, _ entry: ProtocolPort, _ group: String) -> ObjectDraft {
    let spec: JSONValue = [
      "protocol": .string(entry.proto.cloudWord), "port": .int(port), "loadBalancerARN": .string(loadBalancer),
      "defaultActions": [["type": "forward", "targetGroupARN": .string(group)]], "tags": Keys.tags,
    ]
    return ObjectDraft(Resources.listeners, key, labels: Keys.labels(context.pod), owner: owner, ["spec": spec])
  }

  private func binding(_ key: NamespacedName, _ port: Int, _ group: String) -> ObjectDraft {
    let spec: JSONValue = [
      "targetGroupARN": .string(group), "targetType": "ip",
      "serviceRef": ["name": .string(context.pod.name), "port": .int(port)],
    ]
    return ObjectDraft(
      Resources.targetGroupBindings, key, labels: Keys.labels(context.pod), owner: owner, ["spec": spec])
  }
}

extension PortProtocol {
  /// The word of the cloud, which has one for both protocols on one port.
  fileprivate var cloudWord: String { self == .tcpUDP ? "TCP_UDP" : rawValue }
}

extension KubernetesObject {
  /// Whether ACK says that the cloud has what the object asks for.
  fileprivate var isSynced: Bool {
    json["status"]?["conditions"]?.elements.contains {
      $0["type"]?.isString("ACK.ResourceSynced") == true && $0["status"]?.isString("True") == true
    } ?? false
  }
}
