/// The ports of one container that are to be published on the node.
public struct ContainerPorts: Sendable, Hashable {
  /// One port.
  public struct Entry: Sendable, Hashable {
    /// The port inside the container; nil where it is to be the same as on the node.
    public let containerPort: Int?
    /// What it speaks.
    public let proto: PortProtocol

    /// Pairs a port with a protocol.
    public init(_ containerPort: Int?, _ proto: PortProtocol) {
      self.containerPort = containerPort
      self.proto = proto
    }
  }

  /// The container's name.
  public let container: String
  /// The ports in order.
  public private(set) var entries: [Entry]

  /// Lists the ports of a container.
  public init(container: String, entries: [Entry]) {
    self.container = container
    self.entries = entries
  }
}

extension ContainerPorts {
  /// The word that stands for a port inside the container equal to the one on the node.
  static let sameAsHost = "SameAsHost"

  /// Reads `container:80,81/UDP,SameAsHost/TCPUDP`.
  ///
  /// - Throws: ``GrammarError`` that names the part that is wrong.
  public static func parse(_ text: String) throws(GrammarError) -> ContainerPorts {
    guard let (container, list) = text[...].halves(at: ":"), !container.isEmpty else {
      throw GrammarError("\(quoted(text)) has no container name and colon before its ports")
    }
    var entries: [Entry] = []
    for part in list.commaParts {
      entries.append(try entry(part))
      guard entries.count <= PortList.limit else { throw GrammarError("more than \(PortList.limit) ports") }
    }
    return ContainerPorts(container: String(container), entries: entries)
  }

  /// Reads the values of all entries of the parameter; those for one container are put together in the place of the first.
  ///
  /// - Throws: ``GrammarError`` that names the part that is wrong, or a port that stands there twice.
  public static func parse(_ values: [String]) throws(GrammarError) -> [ContainerPorts] {
    var merged: [ContainerPorts] = []
    for value in values {
      let next = try parse(value)
      if let place = merged.firstIndex(where: { $0.container == next.container }) {
        merged[place].entries += next.entries
      } else {
        merged.append(next)
      }
    }
    for ports in merged { try ports.refuseRepeats() }
    return merged
  }

  private static func entry(_ part: Substring) throws(GrammarError) -> Entry {
    let (number, word) = part.halves(at: "/") ?? (part, "TCP")
    let proto: PortProtocol
    do {
      proto = try PortProtocol.parse(word, .withSCTP)
    } catch {
      throw GrammarError("\(quoted(part)) is no port: \(error.message)")
    }
    if number == sameAsHost { return Entry(nil, proto) }
    guard let port = PortNumber.parse(number) else {
      throw GrammarError(
        "\(quoted(part)) is no port: \(quoted(number)) is neither a number from 1 to 65535 nor \(sameAsHost)")
    }
    return Entry(port, proto)
  }

  /// A port may be asked for once only; `SameAsHost` as often as one likes, since each is a port of its own.
  private func refuseRepeats() throws(GrammarError) {
    var seen: Set<ProtocolPort> = []
    for entry in entries {
      guard let port = entry.containerPort else { continue }
      for single in entry.proto.expanded where !seen.insert(ProtocolPort(port, single)).inserted {
        throw GrammarError("container \(quoted(container)): \(port)/\(single.rawValue) stands there twice")
      }
    }
  }
}
