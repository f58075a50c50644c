import JSON
import Kubernetes

/// What `kubectl get` shows of the built-in kinds, in the words of Kubernetes' own printers.
enum BuiltInColumns {
  static let table: [Resource: [TableView.Column]] = [
    .pods: pods, .services: services, .nodes: nodes, .namespaces: [phase], .events: events,
    .persistentVolumeClaims: claims, .ingresses: ingresses,
    .configMaps: [TableView.Column("Data", type: "string") { object, _ in .string(String(data(object))) }],
    .secrets: [
      .text("Type") { $0.json["type"]?.string },
      TableView.Column("Data", type: "string") { object, _ in .string(String(data(object))) },
    ],
    .leases: [.text("Holder") { $0.json["spec"]?["holderIdentity"]?.string }],
    .endpoints: [.text("Endpoints", endpoints)],
    .controllerRevisions: [
      .text("Controller") { object in object.metadata.controller.map { "\($0.kind)/\($0.name)" } },
      .text("Revision") { $0.json["revision"]?.int.map(String.init) },
    ],
    .mutatingWebhookConfigurations: [webhooks], .validatingWebhookConfigurations: [webhooks],
    .customResourceDefinitions: [.text("Created At") { $0.metadata.creationTimestamp }],
  ]

  private static let phase = TableView.Column.text("Status") { $0.json["status"]?["phase"]?.string }
  private static let webhooks = TableView.Column.text("Webhooks") { String($0.json["webhooks"]?.count ?? 0) }

  private static func data(_ object: KubernetesObject) -> Int {
    (object.json["data"]?.count ?? 0) + (object.json["binaryData"]?.count ?? 0)
  }

  private static let pods: [TableView.Column] = [
    .text("Ready") { object in
      let pod = object.as(Pod.self)
      return "\(pod.containerStatuses.count(where: \.isReady))/\(pod.containers.count)"
    },
    .text("Status") { podStatus($0.as(Pod.self)) },
    .text("Restarts") { String($0.as(Pod.self).containerStatuses.reduce(0) { $0 + $1.restartCount }) },
    .text("IP", priority: 1) { $0.json["status"]?["podIP"]?.string },
    .text("Node", priority: 1) { $0.json["spec"]?["nodeName"]?.string },
    .text("Nominated Node", priority: 1) { $0.json["status"]?["nominatedNodeName"]?.string },
    .text("Readiness Gates", priority: 1) { object in
      let pod = object.as(Pod.self)
      let gates = pod.spec?["readinessGates"]?.elements.compactMap { $0["conditionType"]?.string } ?? []
      return gates.isEmpty ? nil : "\(gates.count { pod.condition($0)?.isTrue ?? false })/\(gates.count)"
    },
  ]

  /// The word for a pod: what keeps it from running says more than its phase.
  private static func podStatus(_ pod: Pod) -> String {
    if pod.metadata.isBeingDeleted { return "Terminating" }
    if let reason = pod.status?["reason"]?.string { return reason }
    for status in pod.containerStatuses {
      let state = status.json["state"]
      if let reason = state?["waiting"]?["reason"]?.string ?? state?["terminated"]?["reason"]?.string { return reason }
    }
    return pod.phase.isEmpty ? "Unknown" : pod.phase
  }

  private static let services: [TableView.Column] = [
    .text("Type") { $0.json["spec"]?["type"]?.string },
    .text("Cluster-IP") { $0.json["spec"]?["clusterIP"]?.string },
    .text("External-IP") { object in
      let addresses = loadBalancer(object)
      guard addresses.isEmpty else { return addresses.joined(separator: ",") }
      return object.json["spec"]?["type"]?.isString("LoadBalancer") == true ? "<pending>" : nil
    },
    .text("Port(s)") { object in
      let ports = object.json["spec"]?["ports"]?.elements.map { port in
        let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
        return "\(port["port"]?.int ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
      }
      return ports.map { $0.joined(separator: ",") }
    },
    .text("Selector", priority: 1) { object in
      let pairs = StringMap(object.json["spec"]?["selector"]).map { "\($0.key)=\($0.value)" }
      return pairs.isEmpty ? nil : pairs.sorted().joined(separator: ",")
    },
  ]

  private static func loadBalancer(_ object: KubernetesObject) -> [String] {
    object.json["status"]?["loadBalancer"]?["ingress"]?.elements
      .compactMap { $0["ip"]?.string ?? $0["hostname"]?.string } ?? []
  }

  private static let nodes: [TableView.Column] = [
    .text("Status") { object in
      let conditions = object.json["status"]?["conditions"]?.elements.map(Condition.init) ?? []
      let isReady = conditions.first { $0.type == "Ready" }.map(\.isTrue)
      let word = isReady.map { $0 ? "Ready" : "NotReady" } ?? "Unknown"
      return object.json["spec"]?["unschedulable"]?.bool == true ? "\(word),SchedulingDisabled" : word
    },
    .text("Roles") { object in
      let prefix = "node-role.kubernetes.io/"
      let roles = object.metadata.labels.map(\.key).filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      return roles.isEmpty ? nil : roles.sorted().joined(separator: ",")
    },
    .text("Version") { $0.json["status"]?["nodeInfo"]?["kubeletVersion"]?.string ?? "" },
    .text("Internal-IP", priority: 1) { address($0, "InternalIP") },
    .text("External-IP", priority: 1) { address($0, "ExternalIP") },
    .text("OS-Image", priority: 1) { $0.json["status"]?["nodeInfo"]?["osImage"]?.string ?? "<unknown>" },
    .text("Kernel-Version", priority: 1) { $0.json["status"]?["nodeInfo"]?["kernelVersion"]?.string ?? "<unknown>" },
    .text("Container-Runtime", priority: 1) {
      $0.json["status"]?["nodeInfo"]?["containerRuntimeVersion"]?.string ?? "<unknown>"
    },
  ]

  private static func address(_ object: KubernetesObject, _ type: String) -> String? {
    object.json["status"]?["addresses"]?.elements.first { $0["type"]?.isString(type) == true }?["address"]?.string
  }

  private static let events: [TableView.Column] = [
    TableView.Column("Last Seen") { object, now in
      let last = object.json["lastTimestamp"]?.string ?? object.json["eventTime"]?.string
      return .string(HumanDuration.text(since: last ?? object.metadata.creationTimestamp, now: now))
    },
    .text("Type") { $0.json["type"]?.string },
    .text("Reason") { $0.json["reason"]?.string },
    .text("Object") { object in
      let target = object.json["involvedObject"]
      return "\((target?["kind"]?.string ?? "").lowercased())/\(target?["name"]?.string ?? "")"
    },
    .text("Message") { $0.json["message"]?.string },
  ]

  private static let claims: [TableView.Column] = [
    phase,
    .text("Volume") { $0.json["spec"]?["volumeName"]?.string ?? "" },
    .text("Capacity") { $0.json["status"]?["capacity"]?["storage"]?.string ?? "" },
    .text("Access Modes") { object in
      object.json["spec"]?["accessModes"]?.elements.compactMap(\.string).map(shortMode).joined(separator: ",") ?? ""
    },
    .text("StorageClass") { $0.json["spec"]?["storageClassName"]?.string ?? "" },
  ]

  private static func shortMode(_ mode: String) -> String { String(mode.filter(\.isUppercase)) }

  private static let ingresses: [TableView.Column] = [
    .text("Class") { $0.json["spec"]?["ingressClassName"]?.string },
    .text("Hosts") { object in
      let hosts = object.json["spec"]?["rules"]?.elements.map { $0["host"]?.string ?? "*" } ?? []
      return hosts.isEmpty ? "*" : hosts.joined(separator: ",")
    },
    .text("Address") { loadBalancer($0).joined(separator: ",") },
    .text("Ports") { $0.json["spec"]?["tls"]?.isEmpty == false ? "80, 443" : "80" },
  ]

  private static func endpoints(_ object: KubernetesObject) -> String? {
    var found: [String] = []
    for subset in object.json["subsets"].map({ Array($0.elements) }) ?? [] {
      let ports = subset["ports"]?.elements.compactMap { $0["port"]?.int } ?? []
      for address in subset["addresses"].map({ Array($0.elements) }) ?? [] {
        found += ports.map { "\(address["ip"]?.string ?? ""):\($0)" }
      }
    }
    return found.isEmpty ? nil : found.joined(separator: ",")
  }
}
