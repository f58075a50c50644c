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
    let names = editor.pod.containers.map(\.name)
    strangers = wanted.map(\.container).filter { !names.contains($0) }
    for (position, name) in names.enumerated() {
      guard let ports = wanted.first(where: { $0.container == name }) else { continue }
      var present = (editor.container(.containers, position, "ports")?.array ?? []).compactMap {
        PublishedPort($0, bounds)
      }
      for entry in ports.entries where !Self.take(entry, from: &present) {
        needs.append(Need(position: position, container: name, entry: entry))
      }
    }
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
    guard let containerPort = json["containerPort"]?.int, let hostPort = json["hostPort"]?.int,
      bounds.contains(hostPort), let proto = PortProtocol(rawValue: json["protocol"]?.string ?? "TCP")
    else { return nil }
    self.init(containerPort: containerPort, hostPort: hostPort, proto: proto)
  }

  /// The entry of `ports`, with the keys in the order in which Go writes them.
  var value: JSONValue {
    ["hostPort": .int(hostPort), "containerPort": .int(containerPort), "protocol": .string(proto.rawValue)]
  }
}
