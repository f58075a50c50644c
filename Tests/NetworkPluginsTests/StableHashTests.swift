import NetworkPlugins
import Testing

@Suite("A stable hash")
struct StableHashTests {
  // The values are those of the reference code of draft-eastlake-fnv.
  @Test("has the published values", arguments: [("", 0x811c_9dc5), ("a", 0x050c_5d7e), ("foobar", 0x31f0_b262)])
  func fnv1(_ text: String, _ value: UInt32) {
    #expect(StableHash.fnv1(text.utf8) == value)
    #expect(StableHash.configuration(text) == String(value))
  }

  @Test(
    "has the published values with 64 bits",
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func fnv1a64(_ text: String, _ value: UInt64) { #expect(StableHash.fnv1a64(text.utf8) == value) }

  @Test("spreads the pods of one set over the range")
  func spread() {
    let starts = (0..<1000).map { StableHash.fnv1a64("default/game-\($0)".utf8) % 1001 }
    #expect(Set(starts).count > 550)
  }
}
