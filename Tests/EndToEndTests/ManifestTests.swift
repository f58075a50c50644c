import JSON
import TestSupport
import Testing

/// Manifests as people write them, and as they should not.
@Suite struct ManifestTests {
  /// A text with what has to be said of it.
  struct Broken: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let line: Int?
    let words: String

    init(_ title: String, _ text: String, line: Int?, _ words: String) {
      testDescription = title
      self.text = text
      self.line = line
      self.words = words
    }
  }

  @Test(
    "refuses what is no manifest, with the line",
    arguments: [
      Broken("bad indentation", "kind: Pod\n metadata: {}", line: 2, "is no YAML"),
      Broken("a key twice", "kind: Pod\nkind: Pod", line: 1, "twice"),
      Broken("no kind", "---\napiVersion: v1\n---\n", line: 2, "kind"),
      Broken("no apiVersion", "kind: Pod", line: 1, "apiVersion"),
      Broken("no name", "apiVersion: v1\nkind: Pod\nmetadata: {}", line: 1, "metadata.name"),
      Broken("a list", "- a", line: 1, "object"), Broken("a word", "hello", line: 1, "object"),
      Broken("broken JSON", "{\"kind\": \"Pod\",\n}", line: 2, "invalid JSON"),
      Broken("no text", "kind: a\nname: \u{1}", line: 2, "control characters"),
      Broken("an infinity", "apiVersion: v1\nkind: Pod\nspec: {x: .inf}", line: 3, ".inf"),
      Broken("a map as key", "? {a: b}\n: c", line: 1, "key"),
      Broken("too deep", String(repeating: "[", count: 600) + String(repeating: "]", count: 600), line: 1, "512"),
      Broken("an undefined alias", "kind: *pod", line: 1, "alias"),
      Broken("an alias bomb", bomb, line: nil, "aliases"), Broken("nothing", "", line: nil, "no manifest"),
    ])
  func refuses(_ test: Broken) throws {
    let output = try Program.run(["review", "-"], input: test.text)
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains(test.words), "\(output.standardError)")
    if let line = test.line {
      #expect(output.standardError.contains("<standard input>:\(line):"), "\(output.standardError)")
    }
  }

  /// Nine levels of nine aliases: 387 million values.
  private static let bomb =
    "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + (1...8).map { level in
      "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }.joined()

  @Test("means by a scalar what Kubernetes' own tools mean")
  func scalars() throws {
    let manifest = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
        annotations: &a {yes: on, oct: 0o17}
      spec:
        values: [1_000, 0x10, 017, 1.50, .5, 1e3, ~, null, yes, No, "yes", 2026-01-01, 0.1.2, +5, -0, "", !!str 7]
        merged: {<<: *a, own: 1}
      """
    let output = try Program.run(["review", "-o", "request", "-"], input: manifest)
    let object = try JSONDocument(output.standardOutput).root["request"]?["object"]
    #expect(object?["metadata"]?["namespace"]?.string == "default")
    #expect(object?["metadata"]?["annotations"]?.text == #"{"yes":true,"oct":15}"#)
    #expect(
      object?["spec"]?["values"]?.text
        == #"[1000,16,15,1.5,0.5,1000.0,null,null,true,false,"yes","2026-01-01","0.1.2",5,0,"","7"]"#)
    #expect(object?["spec"]?["merged"]?.text == #"{"own":1,"yes":true,"oct":15}"#)
  }

  @Test("takes lists apart and keeps to the namespace that is named")
  func lists() throws {
    let list = """
      apiVersion: v1
      kind: PodList
      items:
      - metadata: {name: a, namespace: x}
        spec: {containers: []}
      - metadata: {name: b}
        spec: {containers: []}
      """
    let output = try Program.run(["review", "-o", "request", "-"], input: list)
    let names = try output.standardOutput.split(separator: "\n").map { line in
      let request = try JSONDocument(String(line)).root["request"]
      return "\(request?["namespace"]?.string ?? "")/\(request?["name"]?.string ?? "")"
    }
    #expect(names == ["x/a", "default/b"])
  }

  @Test("refuses one object in two files, naming both")
  func duplicates() throws {
    let folder = try TemporaryDirectory()
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n"
    try folder.write("a.yaml", pod)
    try folder.write("deep/b.yml", "# a comment\n" + pod)
    let output = try Program.run(["review", "--objects", folder.path, try Program.example("pod.yaml")])
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains("deep/b.yml:2: has Pod default/p"))
    #expect(output.standardError.contains("a.yaml:1"))
  }

  @Test("refuses aliases that grow without end as a map key, where the parser compares all that is in them")
  func growingKeys() throws {
    let bomb = (1...40).map { "a\($0): &a\($0) [\($0 == 1 ? "x" : "*a\($0 - 1), *a\($0 - 1)")]" }
    for key in ["? *a40\n: 1", "*a40 : 1", "k: {*a40: 1}", "k: {[*a40]: 1}", "? - *a40\n: 1"] {
      let output = try Program.run(["review", "-"], input: (bomb + [key]).joined(separator: "\n"))
      #expect(output.exit == .code(2), "\(key): \(output)")
      #expect(output.standardError.contains("when its aliases are followed"), "\(output.standardError)")
    }
  }

  @Test(
    "reads YAML that starts with a brace, and JSON behind a byte order mark",
    arguments: [
      "{apiVersion: v1, kind: Pod, metadata: {name: a}}",
      "\u{FEFF}{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}",
    ])
  func braces(_ text: String) throws {
    #expect(try Program.run(["review", "-"], input: text).exit == .code(0))
    let folder = try TemporaryDirectory()
    try folder.write("a.\(text.hasPrefix("{") ? "yaml" : "json")", text)
    #expect(try Program.run(["lint", folder.path]).exit == .code(0))
  }

  @Test("looks at no more in a folder than its manifests")
  func foldersWithOtherThings() throws {
    let folder = try TemporaryDirectory()
    try folder.write("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}")
    try folder.write("generated.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: b-}")
    try folder.write("too.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: b-}")
    _ = try ChildProcess.run("ln", ["-s", "/nonexistent", folder.file("README")])
    _ = try ChildProcess.run("mkfifo", [folder.file("pipe.yaml")])
    let output = try Program.run(["lint", folder.path])
    #expect(output.exit == .code(0), "\(output.standardOutput)\(output.standardError)")
    #expect(output.standardError.contains("3 objects"))
    let reviewed = try Program.run(["review", "--objects", folder.path, folder.file("a.yaml")])
    #expect(reviewed.exit == .code(0), "\(reviewed.standardError)")
  }
}
