import NetworkPlugins
import Testing

@Suite("A list of ports")
struct PortListTests {
  struct Accepted: Sendable, CustomTestStringConvertible {
    let text: String
    let ports: [ProtocolPort]
    var testDescription: String { text }
    init(_ text: String, _ ports: (Int, PortProtocol)...) {
      self.text = text
      self.ports = ports.map { ProtocolPort($0.0, $0.1) }
    }
  }

  @Test(
    "reads ports with and without protocols, in their order",
    arguments: [
      Accepted("80", (80, .tcp)),
      Accepted("8080/UDP,80/TCP", (8080, .udp), (80, .tcp)),
      Accepted("81/UDP,82,83/TCP", (81, .udp), (82, .tcp), (83, .tcp)),
      Accepted(" 80/tcp , 81 / Udp,\t82/tcpudp", (80, .tcp), (81, .udp), (82, .tcpUDP)),
      Accepted("80/TCP,80/UDP", (80, .tcp), (80, .udp)),
      Accepted("1,65535", (1, .tcp), (65535, .tcp)),
    ])
  func accepts(_ row: Accepted) throws { #expect(try PortList.parse(row.text) == row.ports) }

  @Test(
    "refuses what is no port and names it",
    arguments: [
      ("", #""" is no port"#), ("80,,81", #""" is no port"#), ("80/TCP,", #""" is no port"#),
      ("abc/TCP", #""abc/TCP" is no port: "abc" is not a number from 1 to 65535"#), ("0", #""0""#),
      ("65536", #""65536""#), ("+80", #""+80""#), ("-1", #""-1""#), ("8 0", #""8 0""#), ("８０", "is no port"),
      ("80/", #"protocol "" is none of TCP, UDP, TCPUDP"#), ("80/HTTP", #"protocol "HTTP" is none of"#),
      ("80/TCP/x", #"protocol "TCP/X" is none of"#), ("80/SCTP", #"protocol "SCTP" is none of"#),
      ("80;81", #""80;81""#), ("80/TCP,80", "80/TCP stands there twice"),
      ("80/TCPUDP,80/udp", "80/UDP stands there twice"),
      ("99999999999999999999999", "is not a number from 1 to 65535"),
    ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: GrammarError.self) { try PortList.parse(text) }
    #expect(error?.message.lowercased().contains(reason.lowercased()) == true, "\(error?.message ?? "")")
  }

  @Test("has SCTP where Kubernetes itself carries the traffic")
  func sctp() throws {
    #expect(try PortList.parse("80/sctp", .withSCTP) == [ProtocolPort(80, .sctp)])
  }

  @Test("expands TCPUDP to both protocols, and no other")
  func expands() {
    #expect(PortProtocol.tcpUDP.expanded == [.tcp, .udp])
    for proto in PortProtocol.allCases where proto != .tcpUDP { #expect(proto.expanded == [proto]) }
  }

  @Test("adds the entries of several parameters up, and refuses a port that two of them name")
  func severalValues() throws {
    #expect(try PortList.parse(["80", "81/UDP"]).map(\.port) == [80, 81])
    #expect(throws: GrammarError.self) { try PortList.parse(["80", "81,80/TCP"]) }
  }

  @Test("refuses more ports than any load balancer has listeners")
  func limit() throws {
    let ports = (1...PortList.limit).map(String.init)
    #expect(try PortList.parse(ports.joined(separator: ",")).count == PortList.limit)
    #expect(throws: GrammarError.self) { try PortList.parse((ports + ["65535"]).joined(separator: ",")) }
  }
}
