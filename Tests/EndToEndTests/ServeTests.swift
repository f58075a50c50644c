import JSON
import TestSupport
import Testing

/// The admission server as the API server and a cluster's probes see it.
@Suite struct ServeTests {
  @Test("answers in the version that was asked", arguments: ["v1", "v1beta1"])
  func versions(_ version: String) throws {
    let server = try ServerUnderTest()
    let answer = try server.post("/mutate-v1-pod?timeout=10s", Reviews.pod("arena-0", version: version, uid: "abc"))
    let response = try ReviewResponse(answer.body)
    #expect(answer.status == 200)
    #expect(response.version == "admission.k8s.io/\(version)")
    #expect(response.uid == "abc")
    #expect(response.isAllowed)
    #expect(response.patch.contains("hostPort"))
  }

  @Test("a dry run takes no port from the next pod")
  func dryRun() throws {
    let server = try ServerUnderTest()
    func port(_ name: String, isDryRun: Bool) throws -> String {
      try ReviewResponse(server.post("/mutate-v1-pod", Reviews.pod(name, isDryRun: isDryRun)).body).patch
    }
    let foreseen = try port("arena-0", isDryRun: true)
    #expect(try port("arena-0", isDryRun: true) == foreseen)
    #expect(try port("arena-0", isDryRun: false) == foreseen)
  }

  @Test("refuses with status 200, the uid and a reason that names what is accepted")
  func refusal() throws {
    let server = try ServerUnderTest()
    let answer = try server.post("/validate-v1alpha1-gss", Reviews.set(networkType: "Nope"))
    let response = try ReviewResponse(answer.body)
    #expect(answer.status == 200)
    #expect(!response.isAllowed)
    #expect(response.uid == "uid-2")
    #expect(response.message.contains("Nope"))
    #expect(response.message.contains("Kubernetes-HostPort"))
  }

  @Test(
    "answers what is no review with a client's error",
    arguments: [
      Malformed("/mutate-v1-pod", "", 400), Malformed("/mutate-v1-pod", "{", 400),
      Malformed("/mutate-v1-pod", "[]", 400),
      Malformed("/mutate-v1-pod", #"{"kind":"Pod"}"#, 400), Malformed("/nowhere", "{}", 404),
      Malformed("/mutate-v1-pod", "{}", 405, options: ["-X", "PUT"]),
      Malformed("/mutate-v1-pod", "{}", 415, type: "text/plain"),
    ])
  func malformed(_ test: Malformed) throws {
    let server = try ServerUnderTest()
    #expect(try server.post(test.path, test.body, test.options, type: test.type).status == test.status)
    // And goes on answering.
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-0")).status == 200)
  }

  /// A request that is no review, with the status that it has to get.
  struct Malformed: Sendable, CustomTestStringConvertible {
    let path: String
    let body: String
    let status: Int
    let options: [String]
    let type: String
    var testDescription: String { "\(status) for \(path) \(body) \(options) \(type)" }

    init(_ path: String, _ body: String, _ status: Int, options: [String] = [], type: String = "application/json") {
      (self.path, self.body, self.status) = (path, body, status)
      (self.options, self.type) = (options, type)
    }
  }

  @Test("keeps a connection for the next request")
  func keepAlive() throws {
    let server = try ServerUnderTest()
    let body = try server.folder.directory.write("body", Reviews.pod("arena-0"))
    let url = "https://\(server.https)/mutate-v1-pod"
    let output = try ChildProcess.run(
      "curl",
      ["-s", "--cacert", server.authority, "-H", "Content-Type: application/json", "--data-binary", "@\(body)"]
        + ["-w", "%{http_code} %{num_connects}\n", "-o", "/dev/null", url, "-o", "/dev/null", url])
    #expect(output.standardOutput == "200 1\n200 0\n")
  }

  @Test("tells probes and scrapers how it is")
  func health() throws {
    let server = try ServerUnderTest(objects: ["set.yaml": Self.set])
    #expect(try server.get("/healthz").status == 200)
    #expect(try server.get("/readyz").status == 200)
    #expect(try server.get("/version").body == #"{"version":"0.1.0"}"#)
    _ = try server.post("/mutate-v1-pod", Reviews.pod("arena-0"))
    let reviews = #"gatehouse_admission_reviews_total{path="/mutate-v1-pod",outcome="patched"}"#
    let sorted = #"gatehouse_admission_reviews_total{outcome="patched",path="/mutate-v1-pod"}"#
    #expect(try (server.metric(reviews) ?? server.metric(sorted)) == 1)
    #expect(try server.metric("certificate_expiry_seconds").map { $0 > 86_400 } == true)
    #expect(try server.metric(#"gatehouse_objects{resource="gameserversets.game.kruise.io"}"#) == 1)
  }

  @Test("asks for a client certificate where --client-ca is given")
  func clientCertificates() throws {
    let folder = try TemporaryDirectory()
    _ = try Program.run(["certs", "--dns", "client", "--dir", folder.path])
    let server = try ServerUnderTest(["--client-ca", folder.file("ca.crt")])
    #expect(throws: ServerUnderTest.Failure.self) { try server.post("/mutate-v1-pod", Reviews.pod("arena-0")) }
  }

  @Test("reads manifests again, and keeps the last good ones")
  func reload() throws {
    let server = try ServerUnderTest(objects: ["set.yaml": Self.set])
    let count = #"gatehouse_objects{resource="gameserversets.game.kruise.io"}"#
    try server.folder.directory.write("objects/other.yaml", Self.set.replacing("name: arena", with: "name: other"))
    try server.wait { try server.metric(count) == 2 }
    try server.folder.directory.write("objects/broken.yaml", "kind: [")
    try server.wait { try server.metric(#"gatehouse_objects_reloads_total{result="refused"}"#) == 1 }
    #expect(try server.metric(count) == 2)
    #expect(server.process.standardError.contains("broken.yaml:"))
  }

  private static let set = """
    apiVersion: game.kruise.io/v1alpha1
    kind: GameServerSet
    metadata:
      name: arena
      namespace: games
    spec:
      replicas: 1
      gameServerTemplate:
        spec:
          containers: [{name: game, image: "arena:1"}]
    """

  @Test("does not share a port with another server of the same user")
  func portTaken() throws {
    let server = try ServerUnderTest()
    let port = server.https.split(separator: ":").last.map(String.init) ?? ""
    let folder = try TemporaryDirectory()
    let output = try Program.run([
      "serve", "--webhook-port", port, "--health-port", "0", "--scaler-port", "0", "--cert-dir", folder.path,
    ])
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains("in use") && output.standardError.contains("--webhook-port"))
  }

  @Test("shows a chain that was completed behind the same certificate")
  func completedChain() throws {
    let server = try ServerUnderTest()
    let chain = try server.folder.directory.read("certs/tls.crt") + server.folder.directory.read("certs/ca.crt")
    try server.folder.directory.write("certs/tls.crt", chain)
    try server.wait { try server.metric(#"gatehouse_certificate_reloads_total{result="loaded"}"#) == 1 }
    let shown = try ChildProcess.run("openssl", ["s_client", "-connect", server.https, "-showcerts"])
    #expect(shown.standardOutput.split(separator: "\n").count { $0 == "-----BEGIN CERTIFICATE-----" } == 2)
  }
}
