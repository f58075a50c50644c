import NetworkPlugins
import Testing

@Suite("The ports of containers")
struct ContainerPortsTests {
  @Test("are read with their container, in their order")
  func reads() throws {
    #expect(
      try ContainerPorts.parse(" game : 80, SameAsHost/tcpudp ,9/UDP,10/sctp")
        == ContainerPorts(
          container: "game",
          entries: [
            .init(80, .tcp), .init(nil, .tcpUDP), .init(9, .udp), .init(10, .sctp),
          ]))
  }

  @Test("of one container are put together, wherever they stand")
  func merges() throws {
    let merged = try ContainerPorts.parse(["a:1", "b:1", "a:SameAsHost,SameAsHost"])
    #expect(merged.map(\.container) == ["a", "b"])
    #expect(merged[0].entries == [.init(1, .tcp), .init(nil, .tcp), .init(nil, .tcp)])
  }

  @Test(
    "are refused with the part that is wrong",
    arguments: [
      ("", "no container name and colon"), ("game", "no container name and colon"), (":80", "no container name"),
      ("game:", #""" is no port"#), ("game:80,", #""" is no port"#), ("game:80:81", #""80:81" is no port"#),
      ("game:sameashost", #""sameashost" is neither a number from 1 to 65535 nor SameAsHost"#),
      ("game:0", "neither a number"), ("game:80/HTTP", #"protocol "HTTP" is none of TCP, UDP, SCTP, TCPUDP"#),
      ("game:80,80/TCPUDP", "80/TCP stands there twice"),
    ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: GrammarError.self) { try ContainerPorts.parse([text]) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }
}
