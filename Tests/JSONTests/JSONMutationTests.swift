import JSON
import Testing

@Suite("A damaged document")
struct JSONMutationTests {
  private static let pod = Array(
    #"""
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"minecraft-0","namespace":"default","uid":"705ab4f5-6393-11e8",
     "labels":{"game.kruise.io/owner-gss":"minecraft","\u00fcber":"\ud83d\ude00 é \"quoted\"\n"},"generation":12,
     "annotations":{"a":"{\"b\":[1,2.5e-3,-0]}"},"ownerReferences":[{"uid":"1","controller":true,"x":null}]},
     "spec":{"containers":[{"name":"c","image":"registry/game:1.2.3","ports":[{"containerPort":25565,"protocol":"TCP"}],
     "env":[{"name":"A","value":""},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
     "resources":{"limits":{"cpu":"500m"},"requests":{}}}],"tolerations":[],"priority":0,"f":[false,1e10,[[]],{}]}}
    """#.utf8)

  /// Damages a text in one place or a few, the way bad links and bad writers do.
  private func mutate(_ bytes: [UInt8], upTo count: Int = 4, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    let interesting = Array("\"\\{}[],:0-1.eEtfn u\u{0}\n".utf8) + [0x80, 0xC2, 0xE2, 0xF0, 0xFF]
    for _ in 0..<Int.random(in: 1...count, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = interesting[Int.random(in: 0..<interesting.count, using: &random)]
      case 2: bytes.insert(interesting[Int.random(in: 0..<interesting.count, using: &random)], at: place)
      case 3: bytes.removeSubrange(place..<end)
      case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
      case 5: bytes.removeSubrange(place...)
      default: bytes[place] = UInt8(ascii: " ")
      }
    }
    return bytes
  }

  @Test("is refused, or is read and written as the same document", arguments: Array(100..<110) as [UInt64])
  func survives(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var accepted = 0
    let rounds = 600
    for _ in 0..<rounds {
      let bytes = mutate(Self.pod, &random)
      guard let document = try? JSONDocument(bytes) else { continue }
      accepted += 1
      let value = JSONValue(document.root)
      let again = try JSONDocument(value.bytes)
      #expect(again.root.isEqual(to: document.root))
      #expect(JSONValue(again.root) == value)
      #expect(document.root.isEqual(to: value))
    }
    // Without both kinds the test would show nothing.
    #expect(accepted > rounds / 20 && accepted < rounds)
  }

  @Test("is refused wherever it is cut off")
  func refusesTruncated() {
    for count in 0..<Self.pod.count {
      #expect(throws: JSONError.self) { try JSONDocument(Array(Self.pod[..<count])) }
    }
  }

  @Test("never breaks a reader of patches", arguments: [200, 201] as [UInt64])
  func survivesPatches(seed: UInt64) throws {
    let patch = Array(
      #"[{"op":"add","path":"/metadata/labels/x","value":"1"},{"op":"move","from":"/spec/f/1","path":"/spec/f/0"},{"op":"copy","from":"/spec","path":"/s"},{"op":"remove","path":"/spec/containers/0/ports"},{"op":"test","path":"/kind","value":"Pod"},{"op":"replace","path":"/spec/f/3","value":[1]}]"#
        .utf8)
    let pod = JSONValue(try JSONDocument(Self.pod).root)
    let merge = try #require(StrategicMergePatch(apiVersion: "v1", kind: "Pod"))
    var random = SeededRandom(seed: seed)
    var applied = 0
    for _ in 0..<600 {
      if let damaged = try? JSONDocument(mutate(patch, upTo: 1, &random)), let read = try? JSONPatch(damaged.root),
        (try? read.apply(to: pod)) != nil
      {
        applied += 1
      }
      if let damaged = try? JSONDocument(mutate(Self.pod, &random)) {
        _ = JSONMergePatch.apply(JSONValue(damaged.root), to: pod)
        _ = try? merge.apply(JSONValue(damaged.root), to: pod)
      }
    }
    #expect(applied > 10)
  }
}
