/// What a port speaks.
public enum PortProtocol: String, Sendable, Hashable, CaseIterable {
  case tcp = "TCP"
  case udp = "UDP"
  case sctp = "SCTP"
  /// Both TCP and UDP on one port number.
  case tcpUDP = "TCPUDP"

  /// The protocols that Kubernetes knows: itself, or both for ``tcpUDP``.
  public var expanded: [PortProtocol] { self == .tcpUDP ? [.tcp, .udp] : [self] }

  /// The word in lower case, as names of ports use it.
  public var lowercased: String { rawValue.lowercased() }

  /// Which protocols a list of ports may name.
  public enum Choice: Sendable, Hashable {
    /// What every load balancer has.
    case tcpAndUDP
    /// SCTP as well: where Kubernetes itself carries the traffic.
    case withSCTP

    /// The protocols.
    public var protocols: [PortProtocol] { self == .withSCTP ? [.tcp, .udp, .sctp, .tcpUDP] : [.tcp, .udp, .tcpUDP] }

    /// The words, for a message.
    var words: String { protocols.map(\.rawValue).joined(separator: ", ") }
  }

  /// Reads a word in any case.
  static func parse(_ word: Substring, _ choice: Choice) throws(GrammarError) -> PortProtocol {
    // Nearly everybody writes the word as it is; changing its case makes texts.
    let proto = PortProtocol(rawValue: String(word)) ?? PortProtocol(rawValue: word.uppercased())
    guard let proto, proto != .sctp || choice == .withSCTP else {
      throw GrammarError("protocol \(quoted(word)) is none of \(choice.words)")
    }
    return proto
  }
}
