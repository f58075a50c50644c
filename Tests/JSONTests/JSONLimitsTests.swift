import JSON
import Testing

@Suite("The limits of a JSON document")
struct JSONLimitsTests {
  private func nested(_ depth: Int, _ open: String, _ inside: String, _ close: String) -> String {
    String(repeating: open, count: depth) + inside + String(repeating: close, count: depth)
  }

  @Test("lets 512 levels in and refuses the next")
  func depth() throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
      let levels = open.hasPrefix("[{") ? 256 : 512
      let deepest = try JSONDocument(nested(levels, open, "1", close))
      #expect(try JSONDocument(JSONValue(deepest.root).bytes).root.isEqual(to: deepest.root))
      let error = #expect(throws: JSONError.self) { try JSONDocument(nested(levels + 1, open, "1", close)) }
      #expect(error?.code == .tooDeep)
    }
    #expect(throws: JSONError.self) { try JSONDocument("[[1]]", limits: JSONLimits(depth: 1)) }
    #expect(try JSONDocument("1", limits: JSONLimits(depth: 0)).root.int == 1)
  }

  @Test("refuses a hundred thousand brackets without deep recursion")
  func bomb() {
    #expect(throws: JSONError.self) { try JSONDocument(String(repeating: "[", count: 100_000)) }
    let limits = JSONLimits(depth: .max)
    #expect(throws: JSONError.self) { try JSONDocument(String(repeating: "[", count: 100_000), limits: limits) }
  }

  @Test("refuses a longer text than the limit")
  func size() throws {
    let limits = JSONLimits(bytes: 5)
    #expect(try JSONDocument("12345", limits: limits).root.int == 12345)
    #expect(throws: JSONError(.tooLarge, at: 5)) { try JSONDocument("123456", limits: limits) }
  }

  @Test("holds more values than it expected from the length")
  func dense() throws {
    let text = "[" + Array(repeating: "0", count: 20_000).joined(separator: ",") + "]"
    let root = try JSONDocument(text).root
    #expect(root.count == 20_000)
    #expect(root.elements.allSatisfy { $0.int == 0 })
    #expect(root[19_999]?.int == 0)
    #expect(root[20_000] == nil)
    #expect(root[-1] == nil)
    let objects = try JSONDocument("[" + Array(repeating: "{}", count: 5000).joined(separator: ",") + "]").root
    #expect(objects.elements.allSatisfy { $0.isObject && $0.isEmpty })
  }

  @Test("finds what is special at every place of a word, and at the end of the text", arguments: 0..<40)
  func boundaries(lead: Int) throws {
    let plain = String(repeating: "a", count: lead)
    for (escape, character) in [
      (#"\n"#, "\n"), (#"\""#, "\""), (#"\ud83d\ude00"#, "😀"), ("é", "é"), ("😀", "😀"), ("", ""),
    ] {
      for tail in ["", "b", "bbbbbbb", "bbbbbbbb", "bbbbbbbbb"] {
        let text = "\"\(plain)\(escape)\(tail)\""
        #expect(try JSONDocument(text).root.string == plain + character + tail)
        // Every shorter text lacks its end, and the parser must not take what stands behind it in memory for one.
        let bytes = Array(text.utf8)
        for count in 1..<bytes.count {
          #expect(throws: JSONError.self) { try JSONDocument(Array(bytes[..<count])) }
        }
      }
      #expect(throws: JSONError.self) { try JSONDocument("\"\(plain)\u{1}\(escape)\"") }
    }
  }

  @Test(
    "reads a value that ends with the text", arguments: ["1", "-12.5e3", "true", "false", "null", "\"\"", "[]", "{}"])
  func ends(_ text: String) throws {
    for blanks in 0..<20 {
      let padded = String(repeating: " ", count: blanks) + text
      #expect(try JSONDocument(padded).root.text == text)
    }
  }
}
