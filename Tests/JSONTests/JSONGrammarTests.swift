import JSON
import Testing

/// Texts on both sides of each rule of RFC 8259, written out because most are no valid Swift strings of what they show.
@Suite("The grammar of JSON")
struct JSONGrammarTests {
  @Test(
    "accepts every form of a number and keeps its text",
    arguments: [
      "0", "-0", "1", "-1", "10", "123456789", "0.0", "-0.5", "1.25", "0e0", "1e5", "1E5", "1e+5", "1e-5", "1.5E+10",
      "-1.0e-0", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e400", "-1e-400",
      "0.1234567890123456789012345678901234567890", "1e99999999999999999999",
    ])
  func acceptsNumbers(_ text: String) throws {
    for wrapped in [text, "[\(text)]", "{\"a\":\(text)}", " \(text) "] {
      let root = try JSONDocument(wrapped).root
      let view = root.isArray ? root[0] : root.isObject ? root["a"] : root
      #expect(view?.numberText == text)
    }
  }

  @Test(
    "refuses what only looks like a number",
    arguments: [
      "00", "01", "-01", "-", "+1", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1E-", "1.5e", "0x1", "1_0", "1,0",
      "Infinity",
      "-Infinity", "NaN", "1a", "1 2", "--1", "1.2.3", "1e5.5", "\u{FF11}", "1\u{0}",
    ])
  func refusesNumbers(_ text: String) {
    for wrapped in [text, "[\(text)]", "{\"a\":\(text)}"] where wrapped != "[1,0]" {
      #expect(throws: JSONError.self, "\(wrapped)") { try JSONDocument(wrapped) }
    }
  }

  @Test("reads integers up to 64 bits and no further")
  func readsIntegers() throws {
    let texts = [
      "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "1.0", "1e2", "-0",
    ]
    let values = try texts.map { try JSONDocument($0).root.int }
    #expect(values == [.max, .min, nil, nil, nil, nil, 0])
    #expect(try JSONDocument("1e400").root.double == .infinity)
    #expect(try JSONDocument("-2.5e-3").root.double == -0.0025)
  }

  @Test(
    "accepts every escape and every character",
    arguments: [
      (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00\uD800\uDC00\uDBFF\uDFFF""#, "😀\u{10000}\u{10FFFF}"), (#""\u0000""#, "\0"),
      ("\"\u{7F}\"", "\u{7F}"),
      ("\"é€😀\u{FFFF}\u{2028}\"", "é€😀\u{FFFF}\u{2028}"), (#""\uFEFF""#, "\u{FEFF}"), (#""/""#, "/"),
      (#""\\u0041""#, "\\u0041"), (#""a\\""#, "a\\"),
    ])
  func acceptsStrings(_ text: String, _ value: String) throws {
    let view = try JSONDocument(text).root
    #expect(view.string == value)
    #expect(view.isString(value))
    #expect(!view.isString(value + "x"))
    #expect(try JSONDocument("{\(text):1}").root[value]?.int == 1)
    #expect(try JSONDocument(JSONValue(view).bytes).root.string == value)
  }

  @Test(
    "refuses broken escapes and bare controls",
    arguments: [
      #"""#, #""a"#, #""\"#, #""\""#, #""\x""#, #""\U0041""#, #""\u""#, #""\u12""#, #""\u123""#, #""\u12G4""#,
      #""\ud800""#,
      #""\ud800\n""#, #""\ud800\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\ude00\ud83d""#, "\"\n\"", "\"\t\"",
      "\"\u{0}\"", "\"\u{1F}\"", "'a'", "a", #"\"a""#, #""a"b"#,
    ])
  func refusesStrings(_ text: String) {
    #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(throws: JSONError.self) { try JSONDocument("[\(text)]") }
    #expect(throws: JSONError.self) { try JSONDocument("{\(text):1}") }
  }

  @Test(
    "refuses bytes that are not UTF-8",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82],
      [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC3, 0xA9, 0xA9],
    ] as [[UInt8]])
  func refusesMalformedUTF8(_ bytes: [UInt8]) {
    // At every place of a word, because a scan takes eight bytes at once.
    for lead in 0..<17 {
      let text = [UInt8(ascii: "\"")] + Array(repeating: UInt8(ascii: "a"), count: lead) + bytes + [UInt8(ascii: "\"")]
      let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
      #expect(error?.code == .malformedUTF8)
    }
  }

  @Test(
    "accepts white space between tokens and nowhere else",
    arguments: [" 1", "1 ", "\t\r\n 1\n", " [ 1 , 2 ] ", "{ \"a\" : 1 , \"b\" : [ ] }", "[\n]", "{\t}", "[[],{}]"])
  func acceptsWhiteSpace(_ text: String) throws { _ = try JSONDocument(text) }

  @Test(
    "refuses broken structure",
    arguments: [
      "", " ", "\n", "[", "]", "{", "}", "[}", "{]", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{1:1}", "{\"a\",\"b\"}", "{\"a\"::1}",
      "{\"a\":1:2}",
      "[1]]", "{}}", "[][]", "1 1", "\"a\" \"b\"", "nul", "nulL", "nulll", "tru", "True", "fals", "falsee", "[null,",
      "[\"a\"", "{\"a\":1", "{\"a\":[1}", "[{\"a\":1]", "\u{FEFF}1", "\u{A0}1", "\u{B}1", "\u{C}1", "1\u{0}", "\u{0}",
      "/**/1",
      "1//", "[1]#", "*", "<", "[\u{0}]",
    ])
  func refusesStructure(_ text: String) {
    #expect(throws: JSONError.self) { try JSONDocument(text) }
  }

  @Test(
    "names the rule and the place",
    arguments: [
      ("", JSONError(.unexpectedEnd, at: 0)), ("[1", JSONError(.unexpectedEnd, at: 2)),
      ("[1;2]", JSONError(.unexpectedByte, at: 2)), ("[1]x", JSONError(.trailingBytes, at: 3)),
      ("[1.]", JSONError(.malformedNumber, at: 3)), (#"["\q"]"#, JSONError(.malformedEscape, at: 2)),
      (#"["\ud800x"]"#, JSONError(.loneSurrogate, at: 2)), ("[\"a\u{1}\"]", JSONError(.controlByte, at: 3)),
      ("[tru]", JSONError(.unexpectedByte, at: 4)), ("\"abc", JSONError(.unexpectedEnd, at: 4)),
    ])
  func namesThePlace(_ text: String, _ error: JSONError) {
    #expect(throws: error) { try JSONDocument(text) }
  }

  @Test("takes the last of two members with one name, however the name is written")
  func takesTheLast() throws {
    let root = try JSONDocument(#"{"a":1,"\u0061":2,"b":3,"a":{"c":4}}"#).root
    #expect(root["a"]?["c"]?.int == 4)
    #expect(JSONValue(root).text == #"{"a":{"c":4},"b":3}"#)
    #expect(root.count == 4)
  }
}
