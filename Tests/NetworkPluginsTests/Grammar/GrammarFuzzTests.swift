import NetworkPlugins
import TestSupport
import Testing

@Suite("Every grammar under mutation")
struct GrammarFuzzTests {
  struct Seed: Sendable, CustomTestStringConvertible {
    let kind: ParameterKind
    let values: [String]
    var testDescription: String { kind.typeName + " " + (values.first ?? "") }
    init(_ kind: ParameterKind, _ values: String...) {
      self.kind = kind
      self.values = values
    }
  }

  static let seeds = [
    Seed(.bool, "true", "F"), Seed(.int(1...300), "5", "+7"), Seed(.number, "-3"),
    Seed(.ports(.tcpAndUDP), "80/TCP,81/UDP", "1,2,3"), Seed(.ports(.withSCTP), "80/SCTP"),
    Seed(.containerPorts, "game:80,SameAsHost/TCPUDP"), Seed(.portNumbers, "1025,1434"), Seed(.ids, "lb-1,lb-2"),
    Seed(.id, "lb-1"), Seed(.namedIDs, "A/dx,B/lt,C/dx,D/lt"), Seed(.names, "a,b"),
    Seed(.word(["on", "off"], .anyCase), "ON"), Seed(.word(["default", "balanced"], .exact), "default"),
    Seed(.words, "BGP,BGP_PRO"), Seed(.annotations, "a.b/c:d,e:f"), Seed(.annotation, "a.b/c: d"),
    Seed(.template("a path"), "/game<id>(/|$)(.*)"), Seed(.label, "a/b=c"), Seed(.schemePorts, "http:80,https:443"),
    Seed(.healthCheckURI, "/a/b?c=d"), Seed(.healthCheckDomain, "a-b.example"),
    Seed(.targetGroupHealthCheck, "healthCheckEnabled:true,healthCheckPath:/x"),
    Seed(.zoneMaps, "vpc@z1:v1,z2:v2"), Seed(.json, #"{"a":[1,true,null]}"#), Seed(.text("any text"), "x"),
    Seed(.ignored, "x"),
  ]

  @Test("never crashes, and says what it expected of whatever it refuses", arguments: seeds)
  func mutations(_ seed: Seed) {
    var generator = SeededGenerator(seed: 20_261_122)
    for value in seed.values {
      #expect(seed.kind.problem(in: value) == nil, "\(value)")
      for _ in 0..<2_000 {
        let mutated = Self.mutate(value, &generator)
        guard let problem = seed.kind.problem(in: mutated) else { continue }
        #expect(problem.hasSuffix("; expected \(seed.kind.grammar)"))
        #expect(problem.utf8.count < 1_000)
      }
    }
  }

  @Test("reads its own words again: what a list of ports accepts is written back to the same ports")
  func portsRoundTrip() throws {
    var generator = SeededGenerator(seed: 7)
    var accepted = 0
    for _ in 0..<5_000 {
      let text = Self.mutate("80/TCP, 81/udp,82 ,83/TCPUDP", &generator)
      guard let ports = try? PortList.parse(text) else { continue }
      accepted += 1
      let written = ports.map { "\($0.port)/\($0.proto.rawValue)" }.joined(separator: ",")
      #expect(try PortList.parse(written) == ports)
    }
    #expect(accepted > 100)
  }

  private static let fragments = [
    ",", ":", "/", "@", "=", "<id>", "-", ".", " ", "\t", "0", "1", "65536", "TCP", "é", "\u{0}", "\n", "\"", "{",
    "🎮", "99999999999999999999", "e\u{301}",
  ]

  private static func mutate(_ text: String, _ generator: inout SeededGenerator) -> String {
    var characters = Array(text)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...characters.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0 where place < characters.count: characters.remove(at: place)
      case 1 where place < characters.count: characters.append(contentsOf: characters[place...])
      case 2 where place < characters.count:
        characters.swapAt(place, Int.random(in: 0..<characters.count, using: &generator))
      default:
        let fragment = fragments[Int.random(in: 0..<fragments.count, using: &generator)]
        characters.insert(contentsOf: Array(fragment), at: place)
      }
      if characters.count > 400 { characters.removeLast(characters.count - 400) }
    }
    return String(characters)
  }
}
