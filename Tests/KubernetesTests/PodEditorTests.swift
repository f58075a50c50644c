import JSON
import Kubernetes
import Testing

@Suite("A pod editor")
struct PodEditorTests {
  private func pod(_ text: String) throws -> Pod { Pod(try JSONDocument(text).root) }

  @Test("writes only what it touched, and makes what is missing")
  func writes() throws {
    var editor = PodEditor(
      try pod(#"{"metadata":{"name":"a-0","labels":{"x":"1"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#))
    editor.setLabel("x", "1")
    editor.setLabel("a/b", "2")
    editor.setAnnotation("n", "v")
    editor.setAnnotation("m", "w")
    editor.setContainer(.containers, 0, ["image"], "j")
    editor.setContainer(.containers, 0, ["resources", "limits", "cpu"], "1")
    editor.appendToContainer(.containers, 0, "ports", ["containerPort": 1])
    editor.appendToContainer(.containers, 0, "ports", ["containerPort": 2])
    editor.addContainer(.containers, ["name": "d"])
    editor.addContainerFirst(.initContainers, ["name": "s"])
    #expect(editor.label("a/b") == "2")
    #expect(editor.annotation("m") == "w")
    var writer = JSONWriter()
    writer.patch(editor.patch)
    #expect(
      String(decoding: writer.finish(), as: UTF8.self) == """
        [{"op":"add","path":"/metadata/labels/a~1b","value":"2"},\
        {"op":"add","path":"/metadata/annotations","value":{"n":"v","m":"w"}},\
        {"op":"replace","path":"/spec/containers/0/image","value":"j"},\
        {"op":"add","path":"/spec/containers/0/resources","value":{"limits":{"cpu":"1"}}},\
        {"op":"add","path":"/spec/containers/0/ports","value":[{"containerPort":1},{"containerPort":2}]},\
        {"op":"add","path":"/spec/containers/-","value":{"name":"d"}},\
        {"op":"add","path":"/spec/initContainers","value":[{"name":"s"}]}]
        """)
  }

  @Test("takes back what it added")
  func takesBack() throws {
    var editor = PodEditor(try pod(#"{"metadata":{"annotations":{"a":"1"}}}"#))
    editor.setAnnotation("b", "2")
    editor.removeAnnotation("b")
    editor.removeAnnotation("c")
    #expect(editor.patch.isEmpty)
    editor.removeAnnotation("a")
    #expect(editor.annotation("a") == nil)
    #expect(editor.patch.operations == [.remove(JSONPointer(["metadata", "annotations", "a"]))])
  }

  @Test("edits labels and annotations in place: what is there is replaced, what is equal needs nothing")
  func editsMaps() throws {
    var editor = PodEditor(
      try pod(#"{"metadata":{"labels":{"a":"1","b":"2","n":null},"annotations":{"x":"1","y":"2"}},"spec":{}}"#))
    editor.setSpec("nodeName", "n1")
    #expect(!editor.hasReceivedSpec)
    editor.setAnnotation("y", "3")
    editor.removeAnnotation("x")
    editor.setLabel("a", "9")
    editor.setLabel("a", "1")
    editor.setLabel("b", "4")
    editor.setLabel("n", "5")
    editor.setLabel("c", "6")
    #expect(editor.label("a") == "1")
    #expect(editor.label("c") == "6")
    #expect(editor.annotation("x") == nil)
    #expect(
      editor.patch.operations == [
        .add(JSONPointer(["spec", "nodeName"]), "n1"), .replace(JSONPointer(["metadata", "labels", "b"]), "4"),
        .replace(JSONPointer(["metadata", "labels", "n"]), "5"),
        .add(JSONPointer(["metadata", "labels", "c"]), "6"),
        .replace(JSONPointer(["metadata", "annotations", "y"]), "3"),
        .remove(JSONPointer(["metadata", "annotations", "x"])),
      ])
    #expect(try editor.patch.apply(to: JSONValue(editor.pod.json)) == editor.result)
  }

  @Test(
    "makes the maps where the pod has none, or null",
    arguments: ["{}", #"{"metadata":null}"#, #"{"metadata":{"labels":null}}"#])
  func makesMaps(_ text: String) throws {
    var editor = PodEditor(try pod(text))
    editor.setLabel("a", "1")
    editor.setAnnotation("x", "2")
    #expect(editor.hasReceivedSpec)
    #expect(editor.label("a") == "1")
    #expect(editor.annotation("x") == "2")
    #expect(editor.result["metadata"]?["labels"] == ["a": "1"])
    #expect(try editor.patch.apply(to: JSONValue(editor.pod.json)) == editor.result)
  }
}
