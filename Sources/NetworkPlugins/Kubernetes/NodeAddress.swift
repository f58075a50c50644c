import Kubernetes

/// Annotations of what the plugins of Kubernetes itself make.
enum KubernetesKeys {
  /// The hash of the configuration on a Service.
  static let serviceHash = "game.kruise.io/svc-hash"
  /// The hash of the configuration on an Ingress.
  static let ingressHash = "game.kruise.io/ingress-hash"
}

extension NetworkContext {
  /// The pod's node; nil where the pod is not bound, or its node is gone.
  var node: Node? { cluster.object(.nodes, NamespacedName("", pod.nodeName))?.as(Node.self) }
}

extension Node {
  /// Where players reach the node: a name before an address, what is outside before what is inside; of several the last.
  var publicAddress: String {
    for (name, address) in [("ExternalDNS", "ExternalIP"), ("InternalDNS", "InternalIP")] {
      if let found = last(name) ?? last(address, where: IPAddress.isValid) { return found }
    }
    return ""
  }

  private func last(_ type: String, where isGood: (String) -> Bool = { !$0.isEmpty }) -> String? {
    addresses.last { $0.type == type && isGood($0.address) }?.address
  }
}

/// Addresses of the internet protocol as texts.
enum IPAddress {
  /// Whether a text looks like an address of either version: four numbers of a byte, or groups of hexadecimal digits with colons.
  static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4, !text.contains(":") { return parts.allSatisfy { UInt8($0) != nil } }
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (3...8).contains(groups.count), text.utf8.count <= 45 else { return false }
    return groups.allSatisfy { group in
      group.isEmpty || (group.utf8.count <= 4 && UInt16(group, radix: 16) != nil)
        || group.split(separator: ".").count == 4
    }
  }
}
