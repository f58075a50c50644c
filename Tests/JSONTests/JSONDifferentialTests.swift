import Foundation
import JSON
import Testing

/// Compares with JSONSerialization, which shares no code with this parser.
@Suite("The parser and Foundation's")
struct JSONDifferentialTests {
  /// What Foundation makes of a text; nil where it refuses.
  private func foundation(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  }

  private func isSame(_ value: JSONValue, _ other: Any) -> Bool {
    switch value {
    case .null: return other is NSNull
    case .bool(let value): return (other as? Bool) == value
    case .number(let number):
      guard let other = other as? NSNumber else { return false }
      // Foundation is off by a unit in the last place at times.
      return abs(other.doubleValue - number.double) <= abs(number.double) * 1e-15
    case .string(let text): return (other as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
    case .array(let elements):
      guard let other = other as? [Any], other.count == elements.count else { return false }
      return zip(elements, other).allSatisfy { isSame($0, $1) }
    case .object(let object):
      guard let other = other as? [String: Any], other.count == object.count else { return false }
      return object.members.allSatisfy { member in other[member.name].map { isSame(member.value, $0) } ?? false }
    }
  }

  /// Whether a number is beyond a double, which Foundation refuses and Kubernetes' objects may hold as text.
  private func holdsHugeNumber(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let number): !number.double.isFinite
    case .array(let elements): elements.contains(where: holdsHugeNumber)
    case .object(let object): object.members.contains { holdsHugeNumber($0.value) }
    case .null, .bool, .string: false
    }
  }

  @Test(
    "differ where this one means to",
    arguments: [
      // A number beyond a double stays text here and is refused there.
      ("1e400", true, false), ("[1.8e308]", true, false),
      // A comma behind the last element is none of JSON (RFC 8259 section 5).
      ("[1,]", false, true),
      // A byte order mark must not stand in front of JSON (RFC 8259 section 8.1).
      ("\u{FEFF}1", false, true),
    ])
  func differ(_ text: String, _ mine: Bool, _ theirs: Bool) {
    #expect(((try? JSONDocument(text)) != nil) == mine)
    #expect((foundation(Array(text.utf8)) != nil) == theirs)
  }

  @Test(
    "agree where others differ",
    arguments: [
      #""\ud800""#, "[00]", "[,1]", #"{"a":1,"a":2}"#, "1", #""\u0000""#, "[1e-400]", "\"\u{1}\"", #"["a"#, "{}x",
    ])
  func agreeOnCorners(_ text: String) throws {
    let mine = try? JSONDocument(text)
    let other = foundation(Array(text.utf8))
    #expect((mine == nil) == (other == nil))
    guard let mine, let other else { return }
    #expect(isSame(JSONValue(mine.root), other))
  }

  @Test("read the same from generated documents", arguments: [31, 32, 33] as [UInt64])
  func agree(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed, combining: false)
    for _ in 0..<200 {
      let value = generator.value()
      let bytes = value.bytes
      let other = try #require(foundation(bytes), "\(value.text)")
      #expect(isSame(JSONValue(try JSONDocument(bytes).root), other), "\(value.text)")
      let written = try JSONSerialization.data(withJSONObject: other, options: .fragmentsAllowed)
      #expect(isSame(JSONValue(try JSONDocument(Array(written)).root), other), "\(value.text)")
    }
  }

  @Test("accept and refuse the same damaged documents", arguments: [41, 42, 43] as [UInt64])
  func agreeOnDamage(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed, combining: false)
    var random = SeededRandom(seed: seed)
    let alphabet = Array("\"\\{}[],:0123456789-+.eEtrufalsn \n\tbx/".utf8)
    var accepted = 0
    for _ in 0..<1000 {
      var bytes = generator.value(depth: 3).bytes
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let mine = try? JSONDocument(bytes)
      let other = foundation(bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      if let mine, other == nil {
        #expect(holdsHugeNumber(JSONValue(mine.root)), "\(text)")
        continue
      }
      #expect((mine == nil) == (other == nil), "\(text)")
      guard let mine, let other else { continue }
      accepted += 1
      #expect(isSame(JSONValue(mine.root), other), "\(text)")
    }
    #expect(accepted > 100)
  }
}
