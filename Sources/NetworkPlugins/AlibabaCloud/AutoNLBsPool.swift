import JSON
import Kubernetes

/// The load balancers, addresses and Services that `AlibabaCloud-AutoNLBs-V2` makes for a set ahead of time.
struct AutoNLBsPool: Sendable {
  private let configuration: AutoNLBsConfiguration
  private let context: SetNetworkContext
  private let zones: ZoneMaps

  init(_ configuration: AutoNLBsConfiguration, _ context: SetNetworkContext) throws(PluginError) {
    self.configuration = configuration
    self.context = context
    zones = try ParameterValues(context.parameters).read("ZoneMaps") { values throws(GrammarError) in
      try ZoneMaps.parse(values.last ?? "")
    }
  }

  /// What is missing, the lowest numbers first, so that the pods that are there come before those in reserve.
  func plan() throws(PluginError) -> NetworkPlan {
    var plan = NetworkPlan()
    let owner = OwnerReference(.gameServerSets, context.set)
    try refresh(owner, in: &plan)
    for number in 0..<configuration.count(context) {
      // The plan is full; a set that was scaled to millions by mistake is not counted through.
      guard plan.lookAgain == nil else { break }
      for line in configuration.layout.lines {
        let key = context.key(Self.loadBalancerName(context.set.name, line, number))
        guard let live = context.cluster.object(AlibabaCloudResources.nlbs, key) else {
          if let addresses = addresses(line, number, in: &plan) {
            context.create(loadBalancer(line, number, addresses), in: &plan)
          }
          continue
        }
        // An object that does not say which one of the pool it is was not made by this product.
        guard Int(live.metadata.labels[Self.indexLabel("nlb")] ?? "") == number else { continue }
        let pods = configuration.layout.podsPerLoadBalancer
        for ordinal in number * pods..<(number + 1) * pods {
          let draft = try Self.service(line, ordinal, context.set, owner, configuration, context.cluster)
          if let draft { context.create(draft, hash: hash, in: &plan) }
        }
      }
    }
    return plan
  }

  /// Brings the Services of pods that are not there yet to what the configuration says by now; those of pods are up to the pods.
  ///
  /// One whose load balancer is not there goes: on the one that it is on, its ports are those of another pod by now.
  private func refresh(_ owner: OwnerReference, in plan: inout NetworkPlan) throws(PluginError) {
    let all = context.cluster.objects(
      .services, .label(GameLabels.ownerSet, context.set.name, namespace: context.set.namespace))
    for object in all.sorted(by: { $0.key < $1.key }) where object.metadata.controller?.uid == owner.uid {
      guard let (line, ordinal) = place(of: object.as(Service.self)) else { continue }
      let draft = try Self.service(line, ordinal, context.set, owner, configuration, context.cluster)
      if let draft {
        context.refresh(draft, object, hash: hash, in: &plan)
      } else {
        plan.removals.append(NetworkPlan.Removal(.services, object))
      }
    }
  }

  /// The line and the number of a Service that is there before its pod; nil for any other.
  private func place(of service: Service) -> (line: String, ordinal: Int)? {
    guard !service.metadata.isBeingDeleted, let pod = service.selector[GameLabels.podName],
      let ordinal = Ordinal.parse(pod), pod == "\(context.set.name)-\(ordinal)",
      context.cluster.pod(context.key(pod)) == nil,
      let line = configuration.layout.lines.first(where: { service.name == "\(pod)-\(AutoNLBsLayout.name(of: $0))" })
    else { return nil }
    return (line, ordinal)
  }

  private var hash: String { StableHash.configuration(NetworkParameter.annotation(context.parameters)) }

  /// The Service of a pod on a line; nil while the line's load balancer does not exist in the cloud.
  static func service(
    _ line: String, _ ordinal: Int, _ set: GameServerSet, _ owner: OwnerReference,
    _ configuration: AutoNLBsConfiguration, _ cluster: any ClusterReader
  ) throws(PluginError) -> ServiceDraft? {
    let layout = configuration.layout
    let key = NamespacedName(set.namespace, loadBalancerName(set.name, line, layout.loadBalancer(of: ordinal)))
    let id = cluster.object(AlibabaCloudResources.nlbs, key)?.json["status"]?["loadBalancerId"]?.string ?? ""
    guard !id.isEmpty else { return nil }
    var outside = layout.ports(of: ordinal).makeIterator()
    let ports = try ServiceDraft.Port.list(layout.entries, names: .short) { _ in outside.next() ?? 0 }
    let pod = "\(set.name)-\(ordinal)"
    var draft = ServiceDraft(
      NamespacedName(set.namespace, "\(pod)-\(AutoNLBsLayout.name(of: line))"), owner: owner,
      selector: [GameLabels.podName: .string(pod)], ports: ports)
    draft.labels = AlibabaCloudKeys.serviceLabels
    draft.labels[GameLabels.ownerSet] = .string(set.name)
    draft.annotations = AlibabaCloudKeys.annotations(loadBalancer: id, configuration.healthCheck)
    draft.typeFields = configuration.typeFields
    return draft
  }

  /// Everything of the pool of a set that is on some lines, load balancers before the addresses that they use.
  static func removals(
    _ set: String, _ lines: [String], namespace: String, _ cluster: any ClusterReader
  ) -> [NetworkPlan.Removal] {
    [("nlb", AlibabaCloudResources.nlbs), ("eip", AlibabaCloudResources.eips)].flatMap { kind, resource in
      cluster.objects(resource, .label(setLabel(kind), set, namespace: namespace))
        .filter { object in
          let line = object.metadata.labels[lineLabel(kind)]
          return !object.metadata.isBeingDeleted && lines.contains { $0 == line }
        }
        .sorted { $0.key < $1.key }.map { NetworkPlan.Removal(resource, $0) }
    }
  }

  private static func loadBalancerName(_ set: String, _ line: String, _ number: Int) -> String {
    "\(set)-\(AutoNLBsLayout.name(of: line))-\(number)"
  }

  private static func setLabel(_ kind: String) -> String { "game.kruise.io/\(kind)-pool-gss" }
  private static func lineLabel(_ kind: String) -> String { "game.kruise.io/\(kind)-pool-eip-isp-type" }
  private static func indexLabel(_ kind: String) -> String { "game.kruise.io/\(kind)-pool-index" }

  private func labels(_ kind: String, _ index: String, _ line: String) -> JSONObject {
    [
      "game.kruise.io/\(kind)-pool": "true", Self.indexLabel(kind): .string(index),
      Self.lineLabel(kind): .string(line), Self.setLabel(kind): .string(context.set.name),
    ]
  }

  /// The allocation ids of the addresses of a load balancer, one for each zone; nil while some are missing.
  ///
  /// A line that stays inside needs none.
  private func addresses(_ line: String, _ number: Int, in plan: inout NetworkPlan) -> [String]? {
    guard !AutoNLBsConfiguration.isIntranet(line) else { return [] }
    var ids: [String] = []
    for zone in zones.zones.indices {
      let name = "\(context.set.name)-eip-\(AutoNLBsLayout.name(of: line))-\(number)-z\(zone)"
      guard let live = context.cluster.object(AlibabaCloudResources.eips, context.key(name)) else {
        context.create(address(name, line, number, zone), in: &plan)
        continue
      }
      if let id = live.json["status"]?["allocationID"]?.string, !id.isEmpty { ids.append(id) }
    }
    return ids.count == zones.zones.count ? ids : nil
  }

  /// The lines of a single carrier, whose addresses are paid by bandwidth.
  private static let carriers: Set<String> = ["ChinaTelecom", "ChinaMobile", "ChinaUnicom"]

  private func address(_ name: String, _ line: String, _ number: Int, _ zone: Int) -> ObjectDraft {
    var spec: JSONObject = [
      "name": .string(name), "bandwidth": "5",
      "internetChargeType": Self.carriers.contains(line) ? "PayByBandwidth" : "PayByTraffic", "isp": .string(line),
      "releaseStrategy": "OnDelete",
      "description": .string("EIP for GameServerSet \(context.set.name), NLB index \(number), zone \(zone)"),
    ]
    if !configuration.protections.isEmpty {
      spec["securityProtectionTypes"] = .array(configuration.protections.map { .string($0) })
    }
    return ObjectDraft(
      AlibabaCloudResources.eips, context.key(name), labels: labels("eip", "\(number)-z\(zone)", line), owner: nil,
      ["spec": .object(spec)])
  }

  private func loadBalancer(_ line: String, _ number: Int, _ addresses: [String]) -> ObjectDraft {
    let key = context.key(Self.loadBalancerName(context.set.name, line, number))
    let mappings = zones.zones.enumerated().map { place, zone -> JSONValue in
      var mapping: JSONObject = ["zoneId": .string(zone.key), "vSwitchId": .string(zone.value)]
      if place < addresses.count { mapping["allocationId"] = .string(addresses[place]) }
      return .object(mapping)
    }
    return ObjectDraft(
      AlibabaCloudResources.nlbs, key, labels: labels("nlb", String(number), line), owner: nil,
      [
        "spec": [
          "loadBalancerName": .string("\(key.namespace)-\(key.name)"),
          "addressType": AutoNLBsConfiguration.isIntranet(line) ? "Intranet" : "Internet", "addressIpVersion": "ipv4",
          "vpcId": .string(zones.vpcID), "zoneMappings": .array(mappings),
        ]
      ])
  }
}
