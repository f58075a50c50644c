import JSON
import Testing

@Suite("A JSON pointer")
struct JSONPointerTests {
  private static let example =
    ##"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"##

  @Test(
    "leads where RFC 6901 section 5 says",
    arguments: [
      ("", nil), ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
      ("/e^f", "3"),
      ("/g|h", "4"), (#"/i\j"#, "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
    ] as [(String, String?)])
  func leads(_ text: String, _ value: String?) throws {
    let root = try JSONDocument(Self.example).root
    let pointer = try #require(JSONPointer(text))
    #expect(root.value(at: pointer)?.text == value ?? Self.example)
    #expect(JSONValue(root).value(at: pointer)?.text == value ?? JSONValue(root).text)
    #expect(pointer.description == text)
  }

  @Test(
    "leads nowhere",
    arguments: ["/foo/2", "/foo/-", "/foo/00", "/foo/+1", "/foo/ 1", "/bar", "/foo/0/x", "//", "/foo/1e0"])
  func leadsNowhere(_ text: String) throws {
    let root = try JSONDocument(Self.example).root
    let pointer = try #require(JSONPointer(text))
    #expect(root.value(at: pointer) == nil)
    #expect(JSONValue(root).value(at: pointer) == nil)
  }

  @Test("is no pointer", arguments: ["a", "a/b", "/~", "/~2", "/a~", "#/a"])
  func refuses(_ text: String) { #expect(JSONPointer(text) == nil) }

  @Test("escapes its steps in the order that keeps ~1 apart from a slash")
  func escapes() {
    let pointer = JSONPointer(["~1", "/", "~", ""])
    #expect(pointer.description == "/~01/~1/~0/")
    #expect(JSONPointer(pointer.description) == pointer)
  }
}
