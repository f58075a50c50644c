import Testing

@testable import NetworkPlugins

@Suite("The grammars of texts")
struct TextGrammarTests {
  @Test(
    "a boolean has exactly the spellings of Go",
    arguments: [
      ("1", true), ("t", true), ("T", true), ("true", true), ("TRUE", true), ("True", true),
      ("0", false), ("f", false), ("F", false), ("false", false), ("FALSE", false), ("False", false),
      ("", nil), ("yes", nil), ("tRue", nil), (" true", nil), ("01", nil), ("on", nil),
    ] as [(String, Bool?)])
  func booleans(_ text: String, _ value: Bool?) { #expect(Boolean.parse(text) == value) }

  @Test(
    "ids are trimmed, empty ones dropped",
    arguments: [("a,b", ["a", "b"]), (" a , ,b,", ["a", "b"]), ("", []), (",", [])])
  func ids(_ text: String, _ ids: [String]) { #expect(IDList.parse(text) == ids) }

  @Test("an id that is named twice counts once")
  func repeatedIDs() { #expect(IDList.parse(["a,b", "b,c", "a"]) == ["a", "b", "c"]) }

  @Test("annotations are split at the first colon and trimmed")
  func annotations() throws {
    #expect(
      try KeyValue.annotations(" a.b/c : x:y , d:,,e:1 ")
        == [KeyValue("a.b/c", "x:y"), KeyValue("d", ""), KeyValue("e", "1")])
    #expect(try KeyValue.annotations("").isEmpty)
  }

  @Test(
    "annotations are refused without a colon or with a key that Kubernetes refuses",
    arguments: [
      "a", "a b:1", ":1", "a/b/c:1", "-a:1", "a.:1", "/a:1", "A.B/c:1", "\(String(repeating: "k", count: 64)):1",
    ])
  func badAnnotations(_ text: String) {
    #expect(throws: GrammarError.self) { try KeyValue.annotations(text) }
  }

  @Test("an Ingress annotation has its colon and blank once")
  func annotation() throws {
    #expect(try KeyValue.annotation("a.b/c: x:y") == KeyValue("a.b/c", "x:y"))
    #expect(try KeyValue.annotation("a: ") == KeyValue("a", ""))
    for text in ["a:b", "a: b: c", "", ": b", "a b: c"] {
      #expect(throws: GrammarError.self) { try KeyValue.annotation(text) }
    }
  }

  @Test("a label has an equals sign and a legal value")
  func label() throws {
    #expect(try KeyValue.label(" a/b = c ") == KeyValue("a/b", "c"))
    #expect(try KeyValue.label("a=") == KeyValue("a", ""))
    for text in ["a", "=b", "a=b c", "a=-b", "a=\(String(repeating: "v", count: 64))", "a=b=c"] {
      #expect(throws: GrammarError.self) { try KeyValue.label(text) }
    }
  }

  @Test(
    "the pod's number takes the place of <id>",
    arguments: [
      ("/game<id>(/|$)(.*)", "/game3(/|$)(.*)"), ("/b", "/b"), ("<id>", "3"), ("", ""), ("<<id>>", "<3>"),
      ("<i<id>", "<i3"), ("a<b>c<id", "a<b>c<id"),
    ])
  func templates(_ text: String, _ expanded: String) throws {
    #expect(try IDTemplate.expand(text, ordinal: 3) == expanded)
  }

  @Test("a text with <id> twice is refused", arguments: ["<id><id>", "/a<id>/b<id>/c<id>"])
  func repeatedTemplates(_ text: String) {
    #expect(throws: GrammarError.self) { try IDTemplate.expand(text, ordinal: 3) }
  }

  @Test("names that differ in a letter or two are found, others are not")
  func spelling() {
    let names = ["PortProtocols", "Fixed", "SlbIds"]
    #expect(Spelling.nearest(to: "PortProtocol", in: names) == "PortProtocols")
    #expect(Spelling.nearest(to: "portprotocols", in: names) == "PortProtocols")
    #expect(Spelling.nearest(to: "SlbId", in: names) == "SlbIds")
    #expect(Spelling.nearest(to: "Ports", in: names) == nil)
    #expect(Spelling.nearest(to: "", in: names) == nil)
    #expect(Spelling.nearest(to: String(repeating: "x", count: 1000), in: names) == nil)
  }
}
