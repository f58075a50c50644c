import JSON
import Testing

@Suite("The difference of two documents")
struct JSONPatchDifferenceTests {
  @Test(
    "is small",
    arguments: [
      PatchCase("nothing", #"{"a":[1,{"b":2}]}"#, #"{"a":[1.0,{"b":2}]}"#, "[]"),
      PatchCase("another order of members", #"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, "[]"),
      PatchCase("a member more", "{}", #"{"a/b":1}"#, #"[{"op":"add","path":"/a~1b","value":1}]"#),
      PatchCase("a member less", #"{"a":1}"#, "{}", #"[{"op":"remove","path":"/a"}]"#),
      PatchCase(
        "a member deep inside", #"{"a":{"b":{"c":1,"d":2}}}"#, #"{"a":{"b":{"c":3,"d":2}}}"#,
        #"[{"op":"replace","path":"/a/b/c","value":3}]"#),
      PatchCase("an element in front", "[1,2]", "[0,1,2]", #"[{"op":"add","path":"/0","value":0}]"#),
      PatchCase("an element behind", "[1]", "[1,2]", #"[{"op":"add","path":"/-","value":2}]"#),
      PatchCase("an element less in the middle", "[1,2,3]", "[1,3]", #"[{"op":"remove","path":"/1"}]"#),
      PatchCase(
        "elements less", "[1,2,3,4]", "[1,4]", #"[{"op":"remove","path":"/2"},{"op":"remove","path":"/1"}]"#),
      PatchCase("an element changed", "[1,[2],3]", "[1,[4],3]", #"[{"op":"replace","path":"/1/0","value":4}]"#),
      PatchCase(
        "all changed", #"{"a":{"b":1,"c":2}}"#, #"{"a":{"d":1}}"#, #"[{"op":"replace","path":"/a","value":{"d":1}}]"#),
      PatchCase("another kind", #"{"a":1}"#, "[]", #"[{"op":"replace","path":"","value":[]}]"#),
      PatchCase("a null", #"{"a":1}"#, #"{"a":null}"#, #"[{"op":"replace","path":"/a","value":null}]"#),
    ])
  func isSmall(_ example: PatchCase) throws {
    let patch = JSONPatch.difference(from: try parse(example.document), to: try parse(example.patch))
    var writer = JSONWriter()
    writer.patch(patch)
    #expect(String(decoding: writer.finish(), as: UTF8.self) == example.result)
  }

  @Test("is one replacement where it would be more operations than a reader takes")
  func isBounded() throws {
    let old = JSONValue.array((0..<10_001).map { .int($0) })
    let new = JSONValue.array((0..<10_001).map { .int($0 + 1_000_000) })
    let patch = JSONPatch.difference(from: old, to: new)
    #expect(patch.operations.count == 1)
    #expect(try patch.apply(to: old) == new)
  }

  @Test("applied to one document is the other, for a thousand pairs", arguments: [1, 2, 3, 4] as [UInt64])
  func applies(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    for _ in 0..<250 {
      let old = generator.value()
      let new = generator.variant(of: old)
      #expect(try JSONPatch.difference(from: old, to: new).apply(to: old) == new)
      #expect(JSONPatch.difference(from: new, to: new).isEmpty)
    }
  }
}
