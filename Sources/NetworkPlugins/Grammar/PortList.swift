/// A port and what it speaks.
public struct ProtocolPort: Sendable, Hashable {
  /// The port, 1 to 65535.
  public let port: Int
  /// What it speaks.
  public let proto: PortProtocol

  /// Pairs a port with a protocol.
  public init(_ port: Int, _ proto: PortProtocol) {
    self.port = port
    self.proto = proto
  }
}

/// The grammar of `PortProtocols`: `80`, `80/UDP`, `80/TCPUDP`, separated by commas.
///
/// Blanks around entries and words do not count, protocols have any case, and an entry without a protocol means TCP. Anything else is refused:
/// an entry that is skipped in silence is a server that nobody reaches.
public enum PortList {
  /// The most entries of one list; every port of a pod needs a listener, and no load balancer has more than some hundreds.
  public static let limit = 1024

  /// The ports of a value, in order.
  ///
  /// - Throws: ``GrammarError`` that names the first entry that is no port, or that stands there twice.
  public static func parse(
    _ text: String, _ choice: PortProtocol.Choice = .tcpAndUDP
  ) throws(GrammarError) -> [ProtocolPort] {
    try parse([text], choice)
  }

  /// The ports of several values of one parameter, in order.
  ///
  /// - Throws: ``GrammarError`` that names the first entry that is no port, or that stands there twice.
  public static func parse(
    _ values: some Sequence<String>, _ choice: PortProtocol.Choice = .tcpAndUDP
  ) throws(GrammarError) -> [ProtocolPort] {
    var ports: [ProtocolPort] = []
    var seen: Set<ProtocolPort> = []
    for value in values {
      for part in value[...].commaParts {
        let port = try entry(part, choice)
        for single in port.proto.expanded where !seen.insert(ProtocolPort(port.port, single)).inserted {
          throw GrammarError("\(port.port)/\(single.rawValue) stands there twice")
        }
        ports.append(port)
        guard ports.count <= limit else { throw GrammarError("more than \(limit) ports") }
      }
    }
    return ports
  }

  private static func entry(_ part: Substring, _ choice: PortProtocol.Choice) throws(GrammarError) -> ProtocolPort {
    let (number, word) = part.halves(at: "/") ?? (part, "TCP")
    guard let port = PortNumber.parse(number) else {
      throw GrammarError("\(quoted(part)) is no port: \(quoted(number)) is not a number from 1 to 65535")
    }
    do {
      return ProtocolPort(port, try PortProtocol.parse(word, choice))
    } catch {
      throw GrammarError("\(quoted(part)) is no port: \(error.message)")
    }
  }
}

/// The number of a port as parameters write it.
enum PortNumber {
  /// The number of a text; nil for anything but decimal digits from 1 to 65535.
  static func parse(_ text: some StringProtocol) -> Int? {
    guard text.utf8.first != UInt8(ascii: "+"), let port = Int(text), (1...65535).contains(port) else { return nil }
    return port
  }
}
