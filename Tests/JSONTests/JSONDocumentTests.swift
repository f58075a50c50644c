import JSON
import Testing

@Suite("A JSON document")
struct JSONDocumentTests {
  @Test("reads what it parsed")
  func reads() throws {
    let text = #" {"a":[1,-2.5e3,true,null,"x\n\u00e9\ud83d\ude00é"],"b":{"c":"d","c":"e"},"\u0061b":7} "#
    let root = try JSONDocument(text).root
    #expect(root["a"]?.count == 5)
    #expect(root["a"]?[0]?.int == 1)
    #expect(root["a"]?[1]?.numberText == "-2.5e3")
    #expect(root["a"]?[1]?.int == nil)
    #expect(root["a"]?[2]?.bool == true)
    #expect(root["a"]?[3]?.isNull == true)
    #expect(root["a"]?[4]?.string == "x\né😀é")
    #expect(root["b"]?["c"]?.string == "e")
    #expect(root["ab"]?.int == 7)
    #expect(root["b"]?.text == #"{"c":"d","c":"e"}"#)
    #expect(JSONValue(root).text == #"{"a":[1,-2.5e3,true,null,"x\né😀é"],"b":{"c":"e"},"ab":7}"#)
  }

  @Test(
    "refuses what is not JSON",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "01", "1.", "-", "1e", "tru", "\"", "\"\\x\"", "\"\\ud800\"",
      "\"\t\"",
      "1 2", "{\"a\":1,}", "[1 2]", "\"\\u12\"", "nulL", "+1", ".5", "{1:2}", "]", "\u{FEFF}1",
    ])
  func refuses(_ text: String) {
    #expect(throws: JSONError.self) { try JSONDocument(text) }
  }
}
