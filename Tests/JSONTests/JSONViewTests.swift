import JSON
import Testing

@Suite("A view of a document")
struct JSONViewTests {
  private let pod: JSONView

  init() throws {
    pod = try JSONDocument(
      #"""
      {"metadata":{"name":"a","generation":3,"labels":{"app":"x","app.kubernetes.io/name":"long-name-of-an-app"},"ok":true},
       "spec":{"containers":[{"name":"one","image":"i1"},{"image":"i2","name":"two"},{"name":"two","image":"i3"}],"e":[],"s":"","o":{}}}
      """#
    ).root
  }

  @Test("is reached by member names")
  func paths() {
    #expect(pod["metadata", "name"]?.string == "a")
    #expect(pod["metadata", "labels", "app"]?.isString("x") == true)
    #expect(pod["metadata", "labels", "app", "x"] == nil)
    #expect(pod["metadata", "missing", "app"] == nil)
    #expect(pod["missing", "name"] == nil)
    #expect(pod["spec", "containers", "name"] == nil)
    #expect(pod.string(at: "metadata", "labels", "app.kubernetes.io/name") == "long-name-of-an-app")
    #expect(pod.string(at: "metadata", "labels", "app.kubernetes.io/nams") == nil)
    #expect(pod.string(at: "metadata") == nil)
    #expect(pod.int(at: "metadata", "generation") == 3)
    #expect(pod.bool(at: "metadata", "ok") == true)
    #expect(pod.int(at: "metadata", "name") == nil)
  }

  @Test("finds an element by what a member says")
  func elements() {
    let containers = pod["spec", "containers"]
    #expect(containers?.element(where: "name", is: "two")?["image"]?.string == "i2")
    #expect(containers?.element(where: "name", is: "three") == nil)
    #expect(pod.element(where: "name", is: "a") == nil)
    #expect(containers?.elements.map { $0["name"]?.string ?? "" } == ["one", "two", "two"])
    #expect(pod["metadata"]?.members.map(\.name) == ["name", "generation", "labels", "ok"])
    #expect(pod["metadata"]?.elements.map(\.text) == [])
  }

  @Test("knows what is empty")
  func emptiness() {
    #expect(["e", "s", "o"].allSatisfy { pod["spec", $0]?.isEmpty == true })
    #expect(pod["spec", "containers"]?.isEmpty == false)
    #expect(pod["metadata", "generation"]?.isEmpty == false)
  }

  @Test("tells names of every length apart", arguments: 0..<20)
  func names(length: Int) throws {
    let name = String(repeating: "n", count: length)
    let others =
      (0..<length).map { name.prefix($0) + "x" + name.dropFirst($0 + 1) } + [name + "n", String(name.dropLast())]
    let members = others.filter { $0 != name }.map { "\"\($0)\":0" } + ["\"\(name)\":1", "\"\\u006e\(name)\":0"]
    #expect(try JSONDocument("{" + members.joined(separator: ",") + "}").root[name]?.int == 1)
  }

  @Test(
    "makes a document of its own without what is dropped",
    arguments: [
      PatchCase("nothing", #" { "a" : [ 1 ] } "#, "", #"{ "a" : [ 1 ] }"#),
      PatchCase("a member", #"{"a":1,"b":{"c":2,"d":3}}"#, "/b/c", #"{"a":1,"b":{"d":3}}"#),
      PatchCase("two members", #"{"a":1,"b":{"c":2,"d":3}}"#, "/b/d /a", #"{"b":{"c":2}}"#),
      PatchCase("all members", #"{"a":1}"#, "/a", "{}"),
      PatchCase("what is not there", #"{"a":1}"#, "/b /a/c", #"{"a":1}"#),
      PatchCase("elements by their place", "[0,1,2,3]", "/0 /2", "[1,3]"),
      PatchCase("inside an element", #"[{"a":1,"b":2}]"#, "/0/a", #"[{"b":2}]"#),
      PatchCase("a name that stands twice", #"{"a":1,"\u0061":2,"b\n":3}"#, "/a", #"{"b\n":3}"#),
      PatchCase("a parent and its child", #"{"a":{"b":1},"c":2}"#, "/a/b /a", #"{"c":2}"#),
    ])
  func compacts(_ example: PatchCase) throws {
    let pointers = try example.patch.split(separator: " ").map { try #require(JSONPointer(String($0))) }
    let document = try JSONDocument(example.document)
    let compacted = document.compacted(dropping: pointers)
    #expect(compacted.root.text == example.result)
    #expect(compacted.footprint <= document.footprint)
  }

  @Test("leaves null where everything is dropped, and takes a part out of a whole")
  func compactsParts() {
    #expect(pod.compacted(dropping: [JSONPointer()]).root.isNull)
    #expect(pod["metadata", "labels", "app"]?.compacted().root.string == "x")
    #expect(pod["spec"]?.compacted(dropping: [JSONPointer(["containers"])]).root.count == 3)
  }
}
