import TestSupport
import Testing

@testable import HotReload

@Suite("Per-server values")
struct ValueTemplateTests {
  private let values = PodValues(
    name: "arena-12", namespace: "games", labels: ["zone": "eu", "a.b/c-d": "x y", "empty": ""])

  @Test(
    "are put in",
    arguments: [
      ("", ""), ("plain { } text", "plain { } text"), ("{{.Ordinal}}", "12"),
      ("{{ .Name }}|{{.Namespace}}", "arena-12|games"),
      ("port={{.Labels.zone}}!", "port=eu!"), (#"{{index .Labels "a.b/c-d"}}"#, "x y"), ("[{{.Labels.empty}}]", "[]"),
      (#"{{"{{"}}.Name}}"#, "{{.Name}}"), ("a \n {{- .Ordinal -}} \n b", "a12b"), ("a {{ .Ordinal -}} b", "a 12b"),
      ("{{`x`}}", "x"), ("{ {{.Ordinal}} }", "{ 12 }"), ("ü{{.Ordinal}}ü", "ü12ü"),
    ])
  func rendered(_ text: String, _ expected: String) throws {
    let bytes = try ValueTemplate(Array(text.utf8), name: "f").render(values)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test(
    "that do not exist are an error with the line",
    arguments: [
      ("{{.Foo}}", "f:1: {{.Foo}} is not known"), ("\n\n{{.Labels.nope}}", "f:3: the pod has no label nope"),
      ("a\n{{", "f:2: {{ has no }}"), ("{{}}", "f:1: {{}} is not known"), ("{{.Labels.a-b}}", "is not known"),
      ("{{if .Name}}x{{end}}", "is not known"), ("{{.Name | printf}}", "is not known"),
      ("{{.Ordinal}}\n{{\n.X\n}}\n{{.Y}}", "f:2:"), (#"{{index .Labels "x"}}"#, "has no label x"),
    ])
  func errors(_ text: String, _ reason: String) {
    let error = #expect(throws: AgentError.self) {
      try ValueTemplate(Array(text.utf8), name: "f").render(values)
    }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("that the pod does not show are an error", arguments: ["{{.Ordinal}}", "{{.Name}}", "{{.Namespace}}"])
  func missing(_ text: String) {
    let nobody = PodValues(name: "", namespace: "", labels: [:])
    #expect(throws: AgentError.self) { try ValueTemplate(Array(text.utf8), name: "f").render(nobody) }
  }

  @Test("keep bytes that are no text")
  func bytes() throws {
    let text: [UInt8] = [0xFF, 0x00] + Array("{{.Ordinal}}".utf8) + [0xFE]
    #expect(try ValueTemplate(text, name: "f").render(values) == [0xFF, 0x00, 0x31, 0x32, 0xFE])
  }

  @Test("never crash the agent", arguments: 0..<4)
  func fuzz(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "{{", "}}", "-", " ", "\n", ".Name", ".Labels.", "zone", "index .Labels ", "\"", "`", "\\", "ä", "{", "}",
    ]
    for _ in 0..<3000 {
      let count = Int.random(in: 0...8, using: &random)
      let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      _ = try? ValueTemplate(Array(text.utf8), name: "f").render(values)
    }
  }

  @Test("come from the downward API's files")
  func files() throws {
    let folder = try TemporaryDirectory()
    try folder.write("..1/name", "arena-3")
    try folder.write("..1/namespace", "games\n")
    try folder.write("..1/labels", "a=\"b\"\ngame.kruise.io/gs-opsState=\"Allocated\"\n")
    try FileSystem.makeLink(folder.file("..data"), to: "..1")
    let values = try PodValues(directory: folder.path)
    #expect(values.ordinal == 3)
    #expect(values.namespace == "games")
    #expect(values.labels == ["a": "b", "game.kruise.io/gs-opsState": "Allocated"])
  }

  @Test(
    "of labels are read as Go quotes them",
    arguments: [
      (#"a="x""#, ["a": "x"]), (#"a="q\"b\\c\n\t""#, ["a": "q\"b\\c\n\t"]),
      (#"a="\u00fc\x41\U0001F3AE""#, ["a": "üA🎮"]),
      (#"a="""#, ["a": ""]), ("a=x", [:]), ("a", [:]), (#"a="\q""#, [:]), (#"a="\u00"#, [:]), (#"a="\xZZ""#, [:]),
      ("", [:]),
      ("a=\"1\"\n\nbad\nb=\"2\"", ["a": "1", "b": "2"]), (#"a="b=c""#, ["a": "b=c"]),
    ])
  func labels(_ text: String, _ labels: [String: String]) {
    #expect(LabelFile.parse(Array(text.utf8)) == labels)
  }

  @Test(
    "open the gate",
    arguments: [
      (HotReloadSettings.Gate.immediate, nil, true), (.onEmpty, nil, false), (.onEmpty, "", true),
      (.onEmpty, #"game.kruise.io/gs-opsState="None""#, true),
      (.onEmpty, #"game.kruise.io/gs-opsState="Custom""#, true),
      (.onEmpty, #"game.kruise.io/gs-opsState="Allocated""#, false),
    ])
  func gate(_ gate: HotReloadSettings.Gate, _ labels: String?, _ isOpen: Bool) throws {
    let folder = try TemporaryDirectory()
    if let labels { try folder.write("labels", labels) }
    #expect(PublishGate.isOpen(gate, file: folder.file("labels")) == isOpen)
  }
}
