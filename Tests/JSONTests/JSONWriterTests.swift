import JSON
import Testing

@Suite("A JSON writer")
struct JSONWriterTests {
  private func text(_ escaping: JSONWriter.Escaping = .minimal, _ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(escaping: escaping)
    body(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test("sets the commas by itself")
  func commas() throws {
    let document = try JSONDocument(#"{ "x" : [ 1 ] }"#)
    let result = text { writer in
      writer.beginObject()
      writer.name("a")
      writer.beginArray()
      writer.int(-1)
      writer.bool(true)
      writer.null()
      writer.view(document.root)
      writer.beginObject()
      writer.endObject()
      writer.endArray()
      writer.name("b")
      writer.base64([1, 2])
      writer.name("c")
      writer.pointer(JSONPointer(["a/b", "\"~"]))
      writer.name("d")
      writer.raw("1.50")
      writer.endObject()
    }
    #expect(result == #"{"a":[-1,true,null,{ "x" : [ 1 ] },{}],"b":"AQI=","c":"/a~1b/\"~0","d":1.50}"#)
  }

  @Test(
    "escapes no more than it must",
    arguments: [
      ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#),
      ("\u{0}\u{8}\u{C}\n\r\t\u{1F}\u{7F}", "\"\\u0000\\u0008\\u000c\\n\\r\\t\\u001f\u{7F}\""),
      ("<é&\u{2028}>", "\"<é&\u{2028}>\""), ("12345678\"12345678\n", #""12345678\"12345678\n""#),
    ])
  func escapes(_ value: String, _ expected: String) { #expect(text { $0.string(value) } == expected) }

  @Test(
    "escapes as encoding/json of Go does",
    arguments: [
      ("<a href=\"x\">&</a>", #""\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e""#),
      ("\u{2028}\u{2029}\u{2027}\u{202A}", "\"\\u2028\\u2029\u{2027}\u{202A}\""),
      ("\u{0}\u{8}\u{C}\n\r\t\u{1F}\u{7F}é😀", "\"\\u0000\\b\\f\\n\\r\\t\\u001f\u{7F}é😀\""),
      ("'/\u{20A8}", "\"'/\u{20A8}\""),
    ])
  func escapesAsGo(_ value: String, _ expected: String) throws {
    #expect(text(.go) { $0.string(value) } == expected)
    #expect(text(.go) { $0.value([.string(value)]) } == "[\(expected)]")
    let written = try JSONDocument(JSONValue.string(value).bytes)
    #expect(text(.go) { $0.view(written.root) } == expected)
    #expect(try JSONDocument(expected).root.string == value)
  }

  @Test(
    "writes a pointer as its text",
    arguments: [[], [""], ["~/", "a"], ["//", "~1", "\n~\""], ["é/", "spec"]] as [[String]])
  func pointers(_ tokens: [String]) {
    let pointer = JSONPointer(tokens)
    #expect(text { $0.pointer(pointer) } == text { $0.string(pointer.description) })
  }

  @Test("keeps the memory when it starts again")
  func startsAgain() {
    var writer = JSONWriter()
    writer.string("a")
    writer.removeAll()
    writer.int(1)
    #expect(writer.bytes == Array("1".utf8))
  }

  @Test("writes what reads back the same", arguments: [11, 12] as [UInt64])
  func readsBack(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    for _ in 0..<300 {
      let value = generator.value()
      let document = try JSONDocument(value.bytes)
      #expect(JSONValue(document.root) == value)
      #expect(document.root.isEqual(to: value))
      var writer = JSONWriter(escaping: .go)
      writer.value(value)
      #expect(try JSONDocument(writer.finish()).root.isEqual(to: document.root))
    }
  }
}
