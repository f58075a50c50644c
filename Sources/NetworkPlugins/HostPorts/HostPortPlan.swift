import JSON
import Kubernetes

/// Which ports a pod still lacks of those that it is to publish on its node.
struct HostPortPlan {
  /// A port that gets a host port of its own.
  struct Need {
    /// The container's position in the pod.
    let position: Int
    let container: String
    let entry: ContainerPorts.Entry
  }

  /// In pod order, then in parameter order.
  private(set) var needs: [Need] = []
  /// Containers that the parameter names and the pod has not.
  private(set) var strangers: [String] = []

  /// Compares what is wanted with what the pod has, so that a pod that was edited before needs nothing.
  init(_ wanted: [ContainerPorts], _ editor: PodEditor, _ bounds: ClosedRange<Int>) {
    guard !wanted.isEmpty else { return }
    let containers = editor.pod.spec?["containers"]
    for ports in wanted where containers?.element(where: "name", is: ports.container) == nil {
      strangers.append(ports.container)
    }
    guard let containers else { return }
    var position = 0
    for container in containers.elements {
      defer { position += 1 }
      guard let name = container["name"], let ports = wanted.first(where: { name.isString($0.container) }) else {
        continue
      }
      var present = Self.present(container, position, editor, bounds)
      for entry in ports.entries where !Self.take(entry, from: &present) {
        needs.append(Need(position: position, container: ports.container, entry: entry))
      }
    }
  }

  /// The host ports of a range that the pod declares as it was received, each once.
  static func declared(by pod: Pod, _ bounds: ClosedRange<Int>) -> [Int] {
    var declared: [Int] = []
    collect(pod.spec?["containers"], bounds, &declared)
    collect(pod.spec?["initContainers"], bounds, &declared)
    return declared
  }

  private static func collect(_ containers: JSONView?, _ bounds: ClosedRange<Int>, _ declared: inout [Int]) {
    guard let containers else { return }
    for container in containers.elements {
      guard let ports = container["ports"] else { continue }
      for entry in ports.elements {
        guard let port = entry["hostPort"]?.int, bounds.contains(port), !declared.contains(port) else { continue }
        declared.append(port)
      }
    }
  }

  /// The published ports that a container has: read in place, as long as no step before this one changed the pod's specification.
  private static func present(
    _ container: JSONView, _ position: Int, _ editor: PodEditor, _ bounds: ClosedRange<Int>
  ) -> [PublishedPort] {
    guard editor.hasReceivedSpec else {
      return (editor.container(.containers, position, "ports")?.array ?? []).compactMap { PublishedPort($0, bounds) }
    }
    return container["ports"]?.elements.compactMap { PublishedPort($0, bounds) } ?? []
  }

  /// Takes the published ports that an entry wants out of those that are there; false where they are not all there.
  private static func take(_ entry: ContainerPorts.Entry, from present: inout [PublishedPort]) -> Bool {
    for first in present {
      let published = entry.proto.expanded.map {
        PublishedPort(containerPort: entry.containerPort ?? first.hostPort, hostPort: first.hostPort, proto: $0)
      }
      guard published.allSatisfy(present.contains) else { continue }
      present.removeAll(where: published.contains)
      return true
    }
    return false
  }
}

/// A container port that a host port of the range leads to.
struct PublishedPort: Equatable {
  let containerPort: Int
  let hostPort: Int
  let proto: PortProtocol

  init(containerPort: Int, hostPort: Int, proto: PortProtocol) {
    self.containerPort = containerPort
    self.hostPort = hostPort
    self.proto = proto
  }

  /// Reads an entry of `ports`; nil where it has no host port of the range.
  init?(_ json: JSONValue, _ bounds: ClosedRange<Int>) {
    self.init(json["containerPort"]?.int, json["hostPort"]?.int, json["protocol"]?.string, bounds)
  }

  /// Reads an entry of `ports` in place; nil where it has no host port of the range.
  init?(_ json: JSONView, _ bounds: ClosedRange<Int>) {
    self.init(json["containerPort"]?.int, json["hostPort"]?.int, json["protocol"]?.string, bounds)
  }

  private init?(_ containerPort: Int?, _ hostPort: Int?, _ proto: String?, _ bounds: ClosedRange<Int>) {
    guard let containerPort, let hostPort, bounds.contains(hostPort), let proto = PortProtocol(rawValue: proto ?? "TCP")
    else { return nil }
    self.init(containerPort: containerPort, hostPort: hostPort, proto: proto)
  }

  /// The entry of `ports`, with the keys in the order in which Go writes them.
  var value: JSONValue {
    .object(
      JSONObject(distinct: [
        JSONObject.Member("hostPort", .int(hostPort)), JSONObject.Member("containerPort", .int(containerPort)),
        JSONObject.Member("protocol", .string(proto.rawValue)),
      ]))
  }
}
