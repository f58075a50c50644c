import JSON
import TestSupport
import Testing

/// `gatehouse review`: decisions without a server.
@Suite struct ReviewCommandTests {
  @Test("names every mutator that acted, and why")
  func summary() throws {
    let output = try Program.run(line: "review --objects EXAMPLES EXAMPLES/pod.yaml")
    #expect(output.exit == .code(0))
    for words in [
      "CREATE Pod games/minecraft-1: allowed", "gs-update-priority: 10", "1.21.5-rc1", "Kubernetes-HostPort",
      "hot-reload", "/validate-v1-pod",
    ] {
      #expect(output.standardOutput.contains(words), "\(output.standardOutput)")
    }
  }

  @Test("the patch turns the object that was sent into the object that is shown")
  func formats() throws {
    let arguments = "--objects EXAMPLES EXAMPLES/pod.yaml"
    let request = try JSONDocument(Program.run(line: "review -o request EXAMPLES/pod.yaml").standardOutput).root
    let patch = try JSONPatch(JSONDocument(Program.run(line: "review -o patch \(arguments)").standardOutput).root)
    let answer = try ReviewResponse(Program.run(line: "review -o review \(arguments)").standardOutput)
    #expect(try JSONPatch(JSONDocument(answer.patch).root) == patch)

    let object = try #require(request["request"]?["object"])
    let expected = try patch.apply(to: JSONValue(object))
    let shown = try Program.run(line: "review -o object \(arguments)").standardOutput
    // The YAML that is shown reads back as the object.
    let again = try JSONDocument(Program.run(["review", "-o", "request", "-"], input: shown).standardOutput).root
    #expect(again["request"]?["object"].map { JSONValue($0) } == expected)
  }

  @Test("what was reviewed once needs no second change")
  func idempotent() throws {
    let object = try Program.run(line: "review -o object --objects EXAMPLES EXAMPLES/pod.yaml").standardOutput
    let arguments = ["review", "-o", "patch", "--objects", "\(try Program.root())/deploy/examples", "-"]
    #expect(try Program.run(arguments, input: object).standardOutput == "[]\n")
  }

  @Test("shows the changes with the lines around them")
  func diff() throws {
    let output = try Program.run(line: "review -o diff --objects EXAMPLES EXAMPLES/pod.yaml")
    #expect(output.standardOutput.contains("\n-     image: registry.example.com/games/minecraft:1.21.4\n"))
    #expect(output.standardOutput.contains("\n+     image: registry.example.com/games/minecraft:1.21.5-rc1\n"))
  }

  @Test("ends with 1 and the reason where an object is denied", arguments: ["summary", "patch", "object", "diff"])
  func denied(_ format: String) throws {
    let output = try Program.run(["review", "-o", format, "-"], input: Reviews.set(networkType: "Nope"))
    #expect(output.exit == .code(1))
    #expect((output.standardOutput + output.standardError).contains("Nope"))
  }

  @Test("takes AdmissionReviews as the API server sends them")
  func reviews() throws {
    let output = try Program.run(["review", "-o", "review", "-"], input: Reviews.pod("arena-0", version: "v1beta1"))
    let response = try ReviewResponse(output.standardOutput)
    #expect(response.version == "admission.k8s.io/v1beta1")
    #expect(response.uid == "uid-1")
  }

  @Test("reviews an update against what is stored")
  func update() throws {
    let folder = try TemporaryDirectory()
    let stored = try String(decoding: Fixture.load("../../deploy/examples/minecraft.yaml"), as: UTF8.self)
    let old = try folder.write("old.yaml", stored)
    let new = try folder.write("new.yaml", stored.replacing("Kubernetes-HostPort", with: "Kubernetes-NodePort"))
    let output = try Program.run(["review", "--operation", "update", "--old", old, new])
    #expect(output.exit == .code(1))
    #expect(output.standardOutput.contains("network type"), "\(output.standardOutput)")
  }

  @Test("warns instead of refusing with --validation warn, where OpenKruiseGame would not refuse")
  func leniency() throws {
    let manifest = try String(decoding: Fixture.load("../../deploy/examples/minecraft.yaml"), as: UTF8.self)
      .replacing("server:25565/TCP", with: "server:none/TCP")
    #expect(try Program.run(["review", "-"], input: manifest).exit == .code(1))
    let lenient = try Program.run(["review", "--validation", "warn", "-"], input: manifest)
    #expect(lenient.exit == .code(0))
    #expect(lenient.standardOutput.contains("warning:"))
  }

  @Test("shows what a server answered")
  func answer() throws {
    let folder = try TemporaryDirectory()
    let review = try folder.write("review.json", Reviews.pod("arena-0"))
    let answer = try folder.write("answer.json", Program.run(["review", "-o", "review", review]).standardOutput)
    let shown = try Program.run(["review", "--answer", answer, "-o", "diff", review])
    #expect(shown.exit == .code(0))
    #expect(shown.standardOutput.contains("hostPort"))
    let other = try folder.write("no.json", "{}")
    #expect(try Program.run(["review", "--answer", other, review]).exit == .code(2))
  }

  @Test("reads the ports of --provider-config, and names the line of a value of the wrong type")
  func providers() throws {
    let folder = try TemporaryDirectory()
    let good = try folder.write(
      "good.toml", "[kubernetes]\nenable = true\nother = 1\n[kubernetes.hostPort]\nmin_port = 61000\nmax_port = 61001\n"
    )
    let output = try Program.run(
      ["review", "-o", "patch", "--provider-config", good, "-"], input: Reviews.pod("arena-0"))
    #expect(output.standardOutput.contains("6100"))
    for (text, words) in [
      ("[kubernetes]\nenable = \"yes\"\n", ":2: has a string for kubernetes.enable"),
      ("[kubernetes.hostPort]\n\nmin_port = 1.5\n", ":3: has a floating-point number for kubernetes.hostPort.min_port"),
      ("[alibabacloud.slb]\nblock_ports = [1, \"a\"]\n", ":2: has a string for alibabacloud.slb.block_ports"),
      ("kubernetes = 1\n", ":1: has an integer for kubernetes"), ("[kubernetes\n", ":1: is no TOML"),
    ] {
      let bad = try folder.write("bad.toml", text)
      let output = try Program.run(["review", "--provider-config", bad, "-"], input: Reviews.pod("arena-0"))
      #expect(output.exit == .code(2))
      #expect(output.standardError.contains(words), "\(output.standardError)")
    }
  }

  @Test(
    "shows an object as YAML that reads back as it is",
    arguments: [
      #"[["a"],["b","c"],[["d"],{"e":[1]}]]"#, #"[{"a":[["b"]]},[],{}]"#, #""x\u0085y""#, #""a\u2028b\nc""#,

      #""\u007f\u0080\ufffe\n""#, #"["a\nb\n", "- c", "d: e"]"#,
    ])
  func readsBack(_ value: String) throws {
    let pod = #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"d"},"spec":{"x":\#(value)}}"#
    let shown = try Program.run(["review", "-o", "object", "-"], input: pod)
    #expect(shown.exit == .code(0), "\(shown.standardError)")
    let again = try Program.run(["review", "-o", "request", "-"], input: shown.standardOutput)
    let spec = try JSONDocument(again.standardOutput).root["request"]?["object"]?["spec"]
    #expect(
      spec.map { JSONValue($0) } == JSONValue(try JSONDocument(#"{"x":\#(value)}"#).root), "\(shown.standardOutput)")
  }

  @Test("applies --dry-run to an AdmissionReview, and refuses --old for one")
  func flagsForReviews() throws {
    let review = try Program.run(line: "review -o request EXAMPLES/pod.yaml").standardOutput
    let dry = try Program.run(["review", "--dry-run", "-o", "request", "-"], input: review)
    #expect(try JSONDocument(dry.standardOutput).root["request"]?["dryRun"]?.bool == true)
    let old = ["review", "--operation", "UPDATE", "--old", try Program.example("pod.yaml"), "-"]
    let refused = try Program.run(old, input: review)
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("leave --old out"))
  }

  @Test("passes over what is not reviewed where another file has something")
  func otherKinds() throws {
    let folder = try TemporaryDirectory()
    try folder.write("dep.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}")
    let output = try Program.run(["review", folder.file("dep.yaml"), try Program.example("pod.yaml")])
    #expect(output.exit == .code(0))
    #expect(output.standardError.contains("dep.yaml:1: passing over Deployment"))
    #expect(try Program.run(["review", folder.file("dep.yaml")]).exit == .code(2))
  }
}
