import JSON
import TestSupport
import Testing

/// `gatehouse lint`: what is wrong or doubtful, on the line where it stands.
@Suite struct LintCommandTests {
  private static let doubtful = """
    # Everything that can be said of one set.
    apiVersion: game.kruise.io/v1alpha1
    kind: GameServerSet
    metadata:
      name: arena
      namespace: games
    spec:
      replicas: 2000
      reserveGameServerIds: [4, "9-2"]
      updateStrategy:
        rollingUpdate:
          podUpdatePolicy: InPlaceOnly
      network:
        networkType: Kubernetes-HostPort
        networkConf:
        - name: ContainerPorts
          value: game:7777/UDP
      gameServerTemplate:
        spec:
          restartPolicy: Never
          containers:
          - name: game
            image: example.com/arena:latest
            env:
            - name: SHARD
              valueFrom:
                fieldRef:
                  fieldPath: metadata.labels['shard']
    """

  @Test("puts every finding on the line of its field")
  func lines() throws {
    let output = try Program.run(["lint", "-"], input: Self.doubtful)
    #expect(output.exit == .code(1))
    for start in [
      "<standard input>:9: error: ", "<standard input>:8: advice: spec.replicas: 2000 servers",
      "<standard input>:12: advice: spec.updateStrategy.rollingUpdate.podUpdatePolicy: InPlaceOnly",
      "<standard input>:20: advice: with restartPolicy Never", "<standard input>:23: advice: the image",
      "<standard input>:25: advice: spec.gameServerTemplate.spec.containers[0].env[0]: the variable SHARD",
    ] {
      #expect(
        output.standardOutput.split(separator: "\n").contains { $0.hasPrefix(start) },
        "\(start)\n\(output.standardOutput)")
    }
  }

  @Test("writes the same as JSON")
  func json() throws {
    let output = try Program.run(["lint", "-o", "json", "-"], input: Self.doubtful)
    let findings = try JSONDocument(output.standardOutput).root
    #expect(findings.elements.contains { $0["line"]?.int == 23 && $0["rule"]?.isString("moving-image-tag") == true })
    #expect(findings.elements.allSatisfy { $0["file"]?.string == "<standard input>" && $0["level"] != nil })
    #expect(output.standardError.isEmpty)
  }

  @Test("finds nothing wrong with the examples")
  func examples() throws {
    let output = try Program.run(line: "lint EXAMPLES")
    #expect(output.exit == .code(0), "\(output.standardOutput)")
    #expect(!output.standardOutput.contains("error:"))
  }

  @Test("one broken file does not hide the others")
  func brokenFile() throws {
    let folder = try TemporaryDirectory()
    try folder.write("a.yaml", "kind: [")
    try folder.write("b.yaml", Self.doubtful)
    let output = try Program.run(["lint", folder.path])
    #expect(output.exit == .code(1))
    #expect(output.standardOutput.contains("/a.yaml:"))
    #expect(output.standardOutput.contains("/b.yaml:9: error:"))
  }

  @Test(
    "names what the API server would refuse before it asks anybody",
    arguments: [
      ("apiVersion: game.kruise.io/v1alpha1\nkind: GameServerset", "must be GameServerSet or GameServer"),
      ("apiVersion: game.kruise.io/v1beta9\nkind: GameServerSet", "must be game.kruise.io/v1alpha1"),
      ("apiVersion: game.kruise.io/v1alpha1\nkind: GameServerSet\nspec: []", "spec []: must be an object"),
      (
        "apiVersion: game.kruise.io/v1alpha1\nkind: GameServerSet\nspec: {replicas: three}",
        "spec.replicas \"three\": must be an integer from 0"
      ),
      (
        "apiVersion: game.kruise.io/v1alpha1\nkind: GameServerSet\nspec: {replicas: 9223372036854775806}",
        "must be an integer from 0"
      ),
      ("apiVersion: v1\nkind: Pod\nspec: {containers: {}}", "spec.containers {}: must be a list"),
    ])
  func types(_ text: String, _ words: String) throws {
    let output = try Program.run(["lint", "-"], input: text + "\nmetadata: {name: a}\n")
    #expect(output.exit == .code(1), "\(output.standardError)")
    #expect(output.standardOutput.contains(words), "\(output.standardOutput)")
  }
}
