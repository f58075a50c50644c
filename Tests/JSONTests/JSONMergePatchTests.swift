import JSON
import Testing

@Suite("A merge patch")
struct JSONMergePatchTests {
  @Test(
    "merges as RFC 7386 appendix A shows",
    arguments: [
      PatchCase("replaces", #"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
      PatchCase("adds", #"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
      PatchCase("removes", #"{"a":"b"}"#, #"{"a":null}"#, "{}"),
      PatchCase("removes one of two", #"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
      PatchCase("an array by a string", #"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
      PatchCase("a string by an array", #"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
      PatchCase("inside", #"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
      PatchCase("an array as a whole", #"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
      PatchCase("a document by another", #"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
      PatchCase("an object by an array", #"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
      PatchCase("everything by null", #"{"a":"foo"}"#, "null", "null"),
      PatchCase("everything by a string", #"{"a":"foo"}"#, #""bar""#, #""bar""#),
      PatchCase("keeps a null that is there", #"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
      PatchCase("an array by an object", "[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
      PatchCase("nulls of new objects", "{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
      PatchCase("nulls in arrays", "{}", #"{"a":[null,{"b":null}]}"#, #"{"a":[null,{"b":null}]}"#),
    ])
  func merges(_ example: PatchCase) throws {
    let result = JSONMergePatch.apply(try parse(example.patch), to: try parse(example.document))
    #expect(result.text == example.result)
  }

  @Test(
    "is the difference of two documents",
    arguments: [
      PatchCase("none", #"{"a":1}"#, #"{"a":1.0}"#, "{}"),
      PatchCase(
        "inside", #"{"a":{"b":1,"c":2},"d":3}"#, #"{"a":{"c":4,"e":5},"d":3}"#, #"{"a":{"b":null,"c":4,"e":5}}"#),
      PatchCase("an array", #"{"a":[1,2]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
      PatchCase("an object emptied", #"{"a":{"b":1}}"#, #"{"a":{}}"#, #"{"a":{"b":null}}"#),
      PatchCase("an object for a number", #"{"a":1}"#, #"{"a":{}}"#, #"{"a":{}}"#),
    ])
  func differs(_ example: PatchCase) throws {
    let old = try parse(example.document)
    let new = try parse(example.patch)
    let patch = JSONMergePatch.difference(from: old, to: new)
    #expect(patch.text == example.result)
    #expect(JSONMergePatch.apply(patch, to: old) == new)
  }

  @Test("applied to one document is the other, for a thousand pairs without null", arguments: [5, 6] as [UInt64])
  func applies(seed: UInt64) {
    var generator = DocumentGenerator(seed: seed, nulls: false)
    for _ in 0..<500 {
      let old = generator.value()
      let new = generator.variant(of: old)
      #expect(JSONMergePatch.apply(JSONMergePatch.difference(from: old, to: new), to: old) == new)
    }
  }
}
