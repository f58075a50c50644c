import JSON
import Kubernetes

/// Which host ports and how many pods each node has, for a scheduler that looks at nothing else.
struct NodePlacement: Sendable {
  private struct Room: Sendable {
    var capacity = 110
    var isReady = true
    var pods = 0
    var ports: [PortUse: Int] = [:]
  }

  private struct PortUse: Hashable {
    let port: Int
    let proto: String
  }

  private var rooms: [String: Room] = [:]
  private var order: [String] = []
  private var next = 0
  /// The node on which each pod was last seen, so that a pod is counted once.
  private var places: [NamespacedName: String] = [:]

  /// The next node in turn on which a pod fits; the pod counts there at once, as it does in a scheduler's cache.
  mutating func choose(_ pod: Pod) -> String? {
    let ports = Self.ports(pod)
    for offset in order.indices {
      let name = order[(next + offset) % order.count]
      guard let room = rooms[name], room.isReady, room.pods < room.capacity,
        !ports.contains(where: { room.ports[$0, default: 0] > 0 })
      else { continue }
      next = (next + offset + 1) % order.count
      place(pod, on: name)
      return name
    }
    return nil
  }

  mutating func note(_ old: Node?, _ new: Node?) {
    guard let new else {
      if let old { rooms[old.name]?.isReady = false }
      return
    }
    if rooms[new.name] == nil { order.append(new.name) }
    var room = rooms[new.name] ?? Room()
    room.capacity = (new.json["status"]?["allocatable"]?["pods"]?.string).flatMap { Int($0) } ?? 110
    room.isReady = new.conditions.first { $0.type == "Ready" }?.isTrue ?? false
    rooms[new.name] = room
  }

  mutating func note(_ old: Pod?, _ new: Pod?) {
    guard let new else {
      if let old { leave(old) }
      return
    }
    if new.isTerminal {
      leave(new)
    } else if !new.nodeName.isEmpty, places[new.key] != new.nodeName {
      leave(new)
      place(new, on: new.nodeName)
    }
  }

  private mutating func place(_ pod: Pod, on node: String) {
    places[pod.key] = node
    rooms[node, default: Room()].pods += 1
    for port in Self.ports(pod) { rooms[node]?.ports[port, default: 0] += 1 }
  }

  private mutating func leave(_ pod: Pod) {
    guard let node = places.removeValue(forKey: pod.key) else { return }
    rooms[node]?.pods -= 1
    for port in Self.ports(pod) { rooms[node]?.ports[port, default: 0] -= 1 }
  }

  private static func ports(_ pod: Pod) -> [PortUse] {
    pod.containers.flatMap(\.ports).filter { $0.hostPort > 0 }.map { PortUse(port: $0.hostPort, proto: $0.proto) }
  }
}
