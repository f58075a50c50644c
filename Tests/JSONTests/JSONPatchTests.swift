import JSON
import Testing

/// A document, a patch and what they make, as texts.
struct PatchCase: Sendable, CustomTestStringConvertible {
  let title: String
  let document: String
  let patch: String
  let result: String

  init(_ title: String, _ document: String, _ patch: String, _ result: String) {
    self.title = title
    self.document = document
    self.patch = patch
    self.result = result
  }

  var testDescription: String { title }
}

/// The value that a text is.
func parse(_ text: String) throws -> JSONValue { JSONValue(try JSONDocument(text).root) }

@Suite("A JSON patch")
struct JSONPatchTests {
  @Test(
    "changes what RFC 6902 says",
    arguments: [
      PatchCase("adds a member", #"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
      PatchCase("adds over a member", #"{"a":1}"#, #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
      PatchCase("inserts an element", "[1,3]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2,3]"),
      PatchCase("inserts in front", "[1]", #"[{"op":"add","path":"/0","value":0}]"#, "[0,1]"),
      PatchCase("appends by position", "[1]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2]"),
      PatchCase("appends by a dash", "[1]", #"[{"op":"add","path":"/-","value":[2]}]"#, "[1,[2]]"),
      PatchCase("a dash in an object is a name", "{}", #"[{"op":"add","path":"/-","value":1}]"#, #"{"-":1}"#),
      PatchCase("digits in an object are a name", "{}", #"[{"op":"add","path":"/01","value":1}]"#, #"{"01":1}"#),
      PatchCase("adds the whole document", "[1]", #"[{"op":"add","path":"","value":{}}]"#, "{}"),
      PatchCase("removes a member", #"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/b"}]"#, #"{"a":1}"#),
      PatchCase("removes an element", "[1,2,3]", #"[{"op":"remove","path":"/1"}]"#, "[1,3]"),
      PatchCase("replaces a member", #"{"a":1}"#, #"[{"op":"replace","path":"/a","value":[]}]"#, #"{"a":[]}"#),
      PatchCase("replaces the whole document", "1", #"[{"op":"replace","path":"","value":2}]"#, "2"),
      PatchCase(
        "moves a member", #"{"a":{"x":1,"y":2},"b":{}}"#, #"[{"op":"move","from":"/a/x","path":"/b/z"}]"#,
        #"{"a":{"y":2},"b":{"z":1}}"#),
      PatchCase("moves an element", "[1,2,3,4]", #"[{"op":"move","from":"/1","path":"/3"}]"#, "[1,3,4,2]"),
      PatchCase("moves to where it is", "[1,2]", #"[{"op":"move","from":"/1","path":"/1"}]"#, "[1,2]"),
      PatchCase(
        "moves up over its parent", #"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/a"}]"#, #"{"a":1}"#),
      PatchCase("copies", #"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/a/-"}]"#, #"{"a":[1,[1]]}"#),
      PatchCase(
        "copies everything into itself", #"{"a":1}"#, #"[{"op":"copy","from":"","path":"/b"}]"#,
        #"{"a":1,"b":{"a":1}}"#),
      PatchCase("tests a member", #"{"a":"x"}"#, #"[{"op":"test","path":"/a","value":"x"}]"#, #"{"a":"x"}"#),
      PatchCase("tests numbers by value", "[10]", #"[{"op":"test","path":"/0","value":1.0e1}]"#, "[10]"),
      PatchCase(
        "tests objects without order", #"{"a":1,"b":2}"#, #"[{"op":"test","path":"","value":{"b":2,"a":1}}]"#,
        #"{"a":1,"b":2}"#),
      PatchCase(
        "unescapes the path", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
      PatchCase("passes over other members", "{}", #"[{"op":"add","path":"/a","value":1,"xyz":2}]"#, #"{"a":1}"#),
      PatchCase("takes the members in any order", "{}", #"[{"value":1,"path":"/a","op":"add"}]"#, #"{"a":1}"#),
      PatchCase("is empty", #"{"a":1}"#, "[]", #"{"a":1}"#),
      PatchCase(
        "finds a name by its bytes", "{\"\u{E9}\":1,\"e\u{301}\":2}", "[{\"op\":\"remove\",\"path\":\"/e\u{301}\"}]",
        "{\"\u{E9}\":1}"),
    ])
  func applies(_ example: PatchCase) throws {
    let patch = try JSONPatch(try JSONDocument(example.patch).root)
    let document = try parse(example.document)
    let result = try patch.apply(to: document)
    #expect(result.text == example.result)
    #expect(document.text == example.document)
  }

  @Test(
    "refuses an operation that does not fit and names it",
    arguments: [
      PatchCase("a member that is missing", "{}", #"[{"op":"remove","path":"/a"}]"#, "missingTarget"),
      PatchCase("a replacement of nothing", "{}", #"[{"op":"replace","path":"/a","value":1}]"#, "missingTarget"),
      PatchCase("a parent that is missing", "{}", #"[{"op":"add","path":"/a/b","value":1}]"#, "missingTarget"),
      PatchCase(
        "a parent that is a string", #"{"a":"x"}"#, #"[{"op":"add","path":"/a/b","value":1}]"#, "missingTarget"),
      PatchCase("a position beyond the end", "[1]", #"[{"op":"add","path":"/2","value":1}]"#, "missingTarget"),
      PatchCase("a position with a zero in front", "[1,2]", #"[{"op":"remove","path":"/01"}]"#, "missingTarget"),
      PatchCase("a position with a sign", "[1,2]", #"[{"op":"remove","path":"/-1"}]"#, "missingTarget"),
      PatchCase(
        "a position beyond 64 bits", "[1]", #"[{"op":"remove","path":"/99999999999999999999"}]"#, "missingTarget"),
      PatchCase("a removal behind the end", "[1]", #"[{"op":"remove","path":"/-"}]"#, "missingTarget"),
      PatchCase("a test behind the end", "[1]", #"[{"op":"test","path":"/-","value":1}]"#, "missingTarget"),
      PatchCase("a test of nothing", "{}", #"[{"op":"test","path":"/a","value":null}]"#, "missingTarget"),
      PatchCase("a test that fails", #"{"a":"10"}"#, #"[{"op":"test","path":"/a","value":10}]"#, "testFailed"),
      PatchCase(
        "a test of other text", "[\"\u{E9}\"]", "[{\"op\":\"test\",\"path\":\"/0\",\"value\":\"e\u{301}\"}]",
        "testFailed"),
      PatchCase("a move into itself", #"{"a":{}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, "malformed"),
      PatchCase("a move of nothing", "{}", #"[{"op":"move","from":"/a","path":"/b"}]"#, "missingTarget"),
      PatchCase("a copy of nothing", "{}", #"[{"op":"copy","from":"/a","path":"/b"}]"#, "missingTarget"),
      PatchCase("a removal of everything", "{}", #"[{"op":"remove","path":""}]"#, "malformed"),
    ])
  func refusesToApply(_ example: PatchCase) throws {
    // A first operation that succeeds shows that the position counts and that nothing of it stays.
    let fitting = #"[{"op":"test","path":"","value":\#(example.document)},"#
    let patch = try JSONPatch(try JSONDocument(fitting + example.patch.dropFirst()).root)
    let error = try #require(throws: JSONPatchError.self) { try patch.apply(to: try parse(example.document)) }
    #expect(error.code.rawValue == example.result)
    #expect(error.operation == 1)
    #expect(error.description.contains(error.path) && error.description.contains(error.reason))
  }

  @Test(
    "refuses what is no patch",
    arguments: [
      "{}", "1", "[1]", "[{}]", #"[{"op":"add"}]"#, #"[{"op":"add","path":"/a"}]"#,
      #"[{"op":"add","path":1,"value":1}]"#,
      #"[{"op":"add","path":"a","value":1}]"#, #"[{"op":"add","path":"/~2","value":1}]"#,
      #"[{"op":"move","path":"/a"}]"#,
      #"[{"op":"copy","path":"/a","from":"b"}]"#, #"[{"op":"spam","path":"/a"}]"#, #"[{"op":"test","path":"/a"}]"#,
      #"[{"op":null,"path":"/a"}]"#,
    ])
  func refusesToRead(_ text: String) throws {
    let view = try JSONDocument(text).root
    let error = try #require(throws: JSONPatchError.self) { try JSONPatch(view) }
    #expect(error.code == .malformed)
  }

  @Test("stops a patch that makes a document grow without end")
  func boundsGrowth() throws {
    var operations = [JSONPatch.Operation.add(JSONPointer(["a"]), .string(String(repeating: "x", count: 1000)))]
    for step in 0..<30 { operations.append(.copy(from: JSONPointer(), to: JSONPointer(["b\(step)"]))) }
    let error = try #require(throws: JSONPatchError.self) { try JSONPatch(operations).apply(to: [:]) }
    #expect(error.code == .tooLarge)
    #expect(error.operation ?? 0 < 15)
  }

  @Test("stops a patch that makes a document too deep, whichever operation does it")
  func boundsDepth() throws {
    let deep = try parse(String(repeating: "[", count: 300) + String(repeating: "]", count: 300))
    let path = JSONPointer(Array(repeating: "0", count: 299) + ["-"])
    let document: JSONValue = ["a": deep, "b": deep]
    let into = JSONPointer(["a"] + path.tokens)
    for operation in [
      JSONPatch.Operation.add(into, deep), .copy(from: JSONPointer(["b"]), to: into),
      .move(from: JSONPointer(["b"]), to: into),
    ] {
      let error = try #require(throws: JSONPatchError.self) { try JSONPatch([operation]).apply(to: document) }
      #expect(error.code == .tooLarge)
    }
    #expect(throws: Never.self) {
      try JSONPatch([.move(from: JSONPointer(["b"]), to: into)])
        .apply(to: document, limits: JSONPatchLimits(depth: 700))
    }
  }

  @Test("counts operations when it reads and when it applies")
  func boundsOperations() throws {
    let patch = JSONPatch(Array(repeating: .test(JSONPointer(), 1), count: 11))
    let limits = JSONPatchLimits(operations: 10)
    #expect(throws: JSONPatchError.self) { try patch.apply(to: 1, limits: limits) }
    var writer = JSONWriter()
    writer.patch(patch)
    let document = try JSONDocument(writer.finish())
    #expect(throws: JSONPatchError.self) { try JSONPatch(document.root, limits: limits) }
    #expect(try JSONPatch(document.root) == patch)
  }
}
