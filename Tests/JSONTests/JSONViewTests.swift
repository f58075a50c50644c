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
    #expect(pod["metadata"]?["labels"]?["app"]?.isString("x") == true)
    #expect(pod["metadata"]?["labels"]?["app"]?["x"] == nil)
    #expect(pod["missing"] == nil)
    #expect(pod["spec"]?["containers"]?["name"] == nil)
    #expect(pod["metadata"]?["labels"]?["app.kubernetes.io/name"]?.string == "long-name-of-an-app")
    #expect(pod["metadata"]?["labels"]?["app.kubernetes.io/nams"] == nil)
    #expect(pod["metadata"]?.string == nil)
    #expect(pod["metadata"]?["generation"]?.int == 3)
    #expect(pod["metadata"]?["ok"]?.bool == true)
    #expect(pod["metadata"]?["name"]?.int == nil)
  }

  @Test("finds an element by what a member says")
  func elements() {
    let containers = pod["spec"]?["containers"]
    #expect(containers?.element(where: "name", is: "two")?["image"]?.string == "i2")
    #expect(containers?.element(where: "name", is: "three") == nil)
    #expect(pod.element(where: "name", is: "a") == nil)
    #expect(containers?.elements.map { $0["name"]?.string ?? "" } == ["one", "two", "two"])
    #expect(pod["metadata"]?.members.map(\.name) == ["name", "generation", "labels", "ok"])
    #expect(pod["metadata"]?.elements.map(\.text) == [])
  }

  @Test("knows what is empty", arguments: ["[]", "{}", "\"\""])
  func emptiness(_ text: String) throws {
    #expect(try JSONDocument(text).root.isEmpty)
    #expect(pod["spec"]?["containers"]?.isEmpty == false)
    #expect(pod["metadata"]?["generation"]?.isEmpty == false)
  }

  @Test("tells names of every length apart", arguments: 0..<20)
  func names(length: Int) throws {
    let name = String(repeating: "n", count: length)
    let others =
      (0..<length).map { name.prefix($0) + "x" + name.dropFirst($0 + 1) } + [name + "n", String(name.dropLast())]
    let members = others.filter { $0 != name }.map { "\"\($0)\":0" } + ["\"\(name)\":1", "\"\\u006e\(name)\":0"]
    #expect(try JSONDocument("{" + members.joined(separator: ",") + "}").root[name]?.int == 1)
  }
}
