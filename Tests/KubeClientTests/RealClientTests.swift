import ClusterSemantics
import JSON
import KubeClient
import Kubernetes
import Telemetry
import TestSupport
import Testing

extension RealServerTests {
  @Test("logs in with a certificate in memory, a token, a token file and a program, under the server's other name")
  func logins() async throws {
    let server = try await RealCluster.shared.server()
    var configuration = server.configuration
    guard case .files(let certificate, let key)? = configuration.credentials.identity,
      case .file(let authority) = configuration.endpoint.trust
    else { return }
    let folder = try TemporaryDirectory()
    try folder.write("token", "test-token\n")
    let credential = #"{"kind":"ExecCredential","status":{"token":"test-token"}}"#
    let logins: [Credentials] = [
      Credentials(identity: .pem(certificate: try bytes(certificate), key: try bytes(key))),
      Credentials(authorization: .token("test-token")),
      Credentials(authorization: .tokenFile(folder.file("token"))),
      Credentials(authorization: .exec(ExecCommand(command: "echo", arguments: [credential]))),
    ]
    configuration.endpoint.trust = .pem(try bytes(authority))
    configuration.endpoint.tlsServerName = "kubernetes.test"
    for login in logins {
      configuration.credentials = login
      let client = KubeClient(configuration, environment: ["PATH": "/usr/bin:/bin"])
      #expect(try await client.get(.namespaces, NamespacedName("", "default")).name == "default")
      client.shutDown()
    }
  }

  @Test("refuses a server that the authorities do not know, and one of another name")
  func refusesServers() async throws {
    let server = try await RealCluster.shared.server()
    var strange = server.configuration
    strange.endpoint.trust = .system
    var misnamed = server.configuration
    misnamed.endpoint.tlsServerName = "another.test"
    for var configuration in [strange, misnamed] {
      configuration.limits.attempts = 1
      let client = KubeClient(configuration)
      await #expect {
        try await client.read(path: "/version")
      } throws: {
        ($0 as? KubernetesError)?.code == .unreachable
      }
      client.shutDown()
    }
    strange.endpoint.trust = .nothing
    let trusting = KubeClient(strange)
    #expect(try await !trusting.read(path: "/version").isEmpty)
    trusting.shutDown()
  }

  @Test("a token that is not known is unauthorized, one without rights is forbidden")
  func rights() async throws {
    let server = try await RealCluster.shared.server()
    var configuration = server.configuration
    configuration.credentials = Credentials(authorization: .token("unknown"))
    let unknown = KubeClient(configuration)
    await #expect {
      try await unknown.get(.nodes, NamespacedName("", "x"))
    } throws: {
      ($0 as? KubernetesError)?.code == .unauthorized
    }
    unknown.shutDown()
    configuration.credentials = Credentials(authorization: .token("test-token"), impersonation: .init(user: "nobody"))
    let nobody = KubeClient(configuration)
    await #expect {
      try await nobody.get(.nodes, NamespacedName("", "x"))
    } throws: {
      ($0 as? KubernetesError)?.code == .forbidden
    }
    nobody.shutDown()
  }

  @Test("events are made once and counted up")
  func events() async throws {
    let server = try await RealCluster.shared.server()
    let client = KubeClient(server.configuration)
    defer { client.shutDown() }
    let name = "events-\(UInt64.random(in: 0..<1 << 40))"
    let made = try await client.create(.configMaps, namespace: "default", ["metadata": ["name": .string(name)]])
    let recorder = EventWriter(client, component: "gatehouse", instance: "test")
    let running = Task { await recorder.run() }
    let object = ObjectReference(.configMaps, made)
    for _ in 0..<3 { recorder.record(ClusterEvent(.normal, "Scaled", "to three"), on: object) }
    recorder.record(ClusterEvent(.warning, "Failed", "for a reason"), on: object)
    let end = ContinuousClock.now + .seconds(60)
    var seen: [String] = []
    while seen != ["Normal Scaled to three 3", "Warning Failed for a reason 1"], ContinuousClock.now < end {
      let events = try await client.list(
        .events, namespace: "default", labelSelector: "", fieldSelector: "involvedObject.name=\(name)")
      seen = events.map { event in
        let words = ["type", "reason", "message"].map { event.json[$0]?.string ?? "" }
        return (words + ["\(event.json["count"]?.int ?? 0)"]).joined(separator: " ")
      }.sorted()
    }
    #expect(seen == ["Normal Scaled to three 3", "Warning Failed for a reason 1"])
    running.cancel()
    await running.value
  }

  @Test("counts requests by verb, resource and code, and the objects of the store")
  func metrics() async throws {
    let server = try await RealCluster.shared.server()
    let registry = MetricRegistry()
    let client = KubeClient(server.configuration, metrics: ClientMetrics(registry))
    let store = ObjectStore()
    let informers = Informers(client, store, [InformerDeclaration(.namespaces)], registry: registry)
    let running = Task { await informers.run() }
    #expect(await informers.waitUntilSynced())
    _ = try? await client.get(.configMaps, NamespacedName("default", "none"))
    running.cancel()
    await running.value
    client.shutDown()
    let text = String(decoding: PrometheusText.bytes(of: registry.collect()), as: UTF8.self)
    #expect(text.contains(#"gatehouse_api_requests_total{code="404",resource="configmaps",verb="get"} 1"#))
    #expect(text.contains(#"gatehouse_api_requests_total{code="200",resource="namespaces",verb="list"} 1"#))
    #expect(text.contains(#"gatehouse_store_objects{resource="namespaces"} \#(store.count(.namespaces))"#))
  }

  private func bytes(_ path: String) throws -> [UInt8] { try Fixture.load(path, relativeTo: "/") }
}
