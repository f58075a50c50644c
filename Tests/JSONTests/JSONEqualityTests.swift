import JSON
import Testing

@Suite("Equality of JSON values")
struct JSONEqualityTests {
  /// Whether two texts are equal, and the same answer from values, from views and from a view and a value, both ways.
  private func areEqual(_ one: String, _ other: String) throws -> Bool {
    let one = try JSONDocument(one).root
    let other = try JSONDocument(other).root
    let answers = [
      one.isEqual(to: other), other.isEqual(to: one), JSONValue(one) == JSONValue(other),
      JSONValue(other) == JSONValue(one), one.isEqual(to: JSONValue(other)), other.isEqual(to: JSONValue(one)),
    ]
    #expect(Set(answers).count == 1)
    if answers[0] { #expect(JSONValue(one).hashValue == JSONValue(other).hashValue) }
    return answers[0]
  }

  @Test(
    "is by value",
    arguments: [
      ("1", "1.0"), ("1", "10e-1"), ("100", "1e2"), ("0", "-0"), ("0.0", "0e5"), ("1.50", "1.5"), ("-1E+2", "-100.00"),
      ("12345678901234567890", "1234567890123456789e1"), ("1e400", "10e399"), (#""\u0061\/""#, #""a/""#),
      ("[ 1,\t2 ]", "[1,2]"),
      (#"{"a":1,"b":[]}"#, #"{ "b":[], "a":1 }"#), (#"{"a":1,"a":2}"#, #"{"a":2}"#),
      (#"{"a":1,"b":2,"\u0061":3}"#, #"{"b":2,"a":3}"#),
      (#"{"a":1,"a":3}"#, #"{"a":2,"a":3}"#), (#"{"a":{"x":1,"x":{"b":1,"c":2}}}"#, #"{"a":{"x":{"c":2,"b":1}}}"#),
    ])
  func equal(_ one: String, _ other: String) throws { #expect(try areEqual(one, other)) }

  @Test(
    "is exact",
    arguments: [
      ("1", "2"), ("1", "-1"), ("1", "\"1\""), ("0", "false"), ("null", "false"), ("null", "{}"), ("[]", "{}"),
      ("true", "false"),
      ("9007199254740993", "9007199254740992"), ("9007199254740993.0", "9007199254740992.0"), ("1e400", "1e401"),
      ("1e-400", "0"),
      ("18446744073709551616", "18446744073709551617"), ("1e99999999999999999999", "1e99999999999999999998"),
      ("\"\u{E9}\"", "\"e\u{301}\""), (#""a""#, #""b""#), (#""a""#, #""\u0062""#), ("[1,2]", "[2,1]"), ("[1]", "[1,1]"),
      (#"{"a":1}"#, #"{"a":1,"b":1}"#), (#"{"a":1,"b":1}"#, #"{"a":1,"c":1}"#), ("{\"\u{E9}\":1}", "{\"e\u{301}\":1}"),
      (#"{"a":1,"a":2}"#, #"{"a":1}"#), (#"{"a":1,"a":1}"#, #"{"a":1,"b":1}"#),
    ])
  func unequal(_ one: String, _ other: String) throws { #expect(try !areEqual(one, other)) }

  @Test("holds for many members in another order")
  func manyMembers() throws {
    let members = (0..<500).map { "\"name-\($0)\":\($0)" }
    let one = "{" + members.joined(separator: ",") + "}"
    let other = "{" + members.reversed().joined(separator: ",") + "}"
    #expect(try areEqual(one, other))
    #expect(try !areEqual(one, other.replacing(":499", with: ":498")))
  }

  @Test("ends soon for deep objects whose members stand in another order")
  func deep() throws {
    var one = "1"
    var other = "1"
    for _ in 0..<200 {
      one = #"{"a":0,"b":\#(one)}"#
      other = #"{"b":\#(other),"a":0}"#
    }
    #expect(try areEqual(one, other))
  }

  @Test("agrees between views and values of generated documents", arguments: [21, 22, 23] as [UInt64])
  func generated(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    var unequal = 0
    for _ in 0..<200 {
      let one = generator.value()
      let other = generator.variant(of: one)
      if try !areEqual(one.text, other.text) { unequal += 1 }
      #expect(try areEqual(one.text, one.text))
    }
    #expect(unequal > 50)
  }
}
