import TestSupport
import Testing

/// `gatehouse scale explain`, and the scaler of `gatehouse serve`.
@Suite struct ScaleCommandTests {
  private static let manifests = """
    apiVersion: game.kruise.io/v1alpha1
    kind: GameServerSet
    metadata: {name: arena, namespace: games}
    spec: {replicas: 2}
    status: {replicas: 2, currentReplicas: 2, waitToBeDeletedReplicas: 0}
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: arena-0
      namespace: games
      labels: {game.kruise.io/owner-gss: arena, game.kruise.io/gs-opsState: None}
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: arena-1
      namespace: games
      labels: {game.kruise.io/owner-gss: arena, game.kruise.io/gs-opsState: Allocated}
    """

  private static let scaledObject = """

    ---
    apiVersion: keda.sh/v1alpha1
    kind: ScaledObject
    metadata: {name: keep, namespace: games}
    spec:
      scaleTargetRef: {kind: GameServerSet, name: arena}
      maxReplicaCount: 4
      triggers:
      - {type: cpu, metadata: {value: "50"}}
      - type: external
        metadata:
          gameServerSet: arena
          minAvailable: "2"
          schedule: 18:00-23:00 minAvailable=9
    """

  private func explain(_ text: String, _ arguments: [String]) throws -> ChildProcess.Output {
    let folder = try TemporaryDirectory()
    let path = try folder.write("objects.yaml", text)
    return try Program.run(["scale", "explain", "--objects", path] + arguments)
  }

  @Test("tells the number, and what it is made of")
  func explains() throws {
    let output = try explain(
      Self.manifests, ["games/arena", "--metadata", "minAvailable=50%", "--metadata", "maxAvailable=x"])
    #expect(output.exit == .code(0), "\(output.standardError)")
    #expect(output.standardOutput.contains("minAvailable comes to 0 free servers"), "\(output.standardOutput)")
    #expect(output.standardOutput.contains("maxAvailable: \"x\" is no number"), "\(output.standardOutput)")
    #expect(output.standardOutput.hasSuffix("GetMetrics gssReplicas=2\nIsActive true\n"), "\(output.standardOutput)")
  }

  @Test(
    "takes the metadata and the bounds of the ScaledObject",
    arguments: [("2026-01-05T12:00:00Z", 3, 3), ("2026-01-05T20:00:00Z", 10, 4)])
  func scaledObject(time: String, metric: Int, wanted: Int) throws {
    let output = try explain(Self.manifests + Self.scaledObject, ["games/arena", "--at", time, "-o", "json"])
    #expect(output.exit == .code(0), "\(output.standardError)")
    #expect(output.standardOutput.contains("\"metric\":\(metric),\"wanted\":\(wanted)"), "\(output.standardOutput)")
  }

  @Test(
    "refuses what it cannot use",
    arguments: [
      (["arena"], "NAMESPACE/NAME"), (["games/nobody"], "was not found"), (["games/arena", "--at", "now"], "--at"),
      (["games/arena", "--metadata", "minAvailable"], "KEY=VALUE"),
      (["games/arena", "--metadata", "minAvailable=-1"], "must be greater than 0"),
    ])
  func refuses(arguments: [String], words: String) throws {
    let output = try explain(Self.manifests, arguments)
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains(words), "\(output.standardError)")
  }

  @Test("serves the scaler beside admission, and ends it with SIGTERM")
  func serves() throws {
    let server = try ServerUnderTest(objects: ["objects.yaml": Self.manifests], ["--drain-grace", "0"])
    let scaler = try #require(server.scaler)
    // curl speaks HTTP/2 but not gRPC: it is told that only POST is taken.
    let output = try ChildProcess.run(
      "curl", ["--silent", "--http2-prior-knowledge", "-w", "%{http_code}", "http://\(scaler)/"])
    #expect(output.standardOutput == "405", "\(output)")
    server.process.send(15)
    #expect(try server.process.waitForExit() == .code(0))
  }
}
