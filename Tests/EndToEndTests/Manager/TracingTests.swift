import KubeClient
import Kubernetes
import SwiftProtobuf
import TestSupport
import Testing

@testable import Tracing

/// The program's traces, as a collector gets them.
@Suite struct TracingTests {
  /// What a collector has got.
  private struct Received {
    var resources: [[String: String]] = []
    var spans: [Opentelemetry_Proto_Trace_V1_Span] = []

    init(_ collector: CollectorStandIn) throws {
      for call in collector.calls {
        let request = try Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest(
          serializedBytes: call.message)
        for part in request.resourceSpans {
          resources.append(Self.texts(part.resource.attributes))
          spans += part.scopeSpans.flatMap(\.spans)
        }
      }
    }

    static func texts(_ attributes: [Opentelemetry_Proto_Common_V1_KeyValue]) -> [String: String] {
      Dictionary(attributes.map { ($0.key, $0.value.stringValue) }) { $1 }
    }

    func named(_ name: String) -> [Opentelemetry_Proto_Trace_V1_Span] { spans.filter { $0.name == name } }
  }

  @Test("a manager's show how a set becomes servers")
  func manager() async throws {
    let collector = try CollectorStandIn()
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    // HPACK leaves a text as it is where Huffman's code would be longer, as with these characters.
    let token = "<{~}><{~}><{~}>"
    let manager = try ManagerUnderTest(
      cluster, .url,
      [
        "--enable-tracing=true", "-otel-collector-endpoint=\(collector.address)", "--otel-collector-token", token,
        "-otel-sampling-rate=1.0",
      ])
    try await cluster.waitForRegistration()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 2))
    try await cluster.wait("the servers are ready") { try await cluster.states("arena") == ["Ready", "Ready"] }
    manager.process.send(15)
    #expect(try manager.process.waitForExit() == .code(0), "\(manager.process.standardError)")

    let received = try Received(collector)
    #expect(received.resources.allSatisfy { $0["service.name"] == "okg-controller-manager" })
    #expect(received.resources.allSatisfy { $0["service.version"] == "0.1.0" })
    #expect(collector.calls.allSatisfy { $0.fields.firstRange(of: Array("Bearer \(token)".utf8)) != nil })
    #expect(received.named("reconcile game_server_set").isEmpty == false)
    let servers = received.named("reconcile game_server").map { Received.texts($0.attributes) }
    #expect(Set(servers.map { $0["game.kruise.io.game_server.name"] }) == ["arena-0", "arena-1"])
    for review in received.named("mutate pod admission") {
      let texts = Received.texts(review.attributes)
      #expect(texts["game.kruise.io.network.plugin.name"] == "kubernetes_hostport")
      let children = received.named("execute network plugin").filter { $0.parentSpanID == review.spanID }
      #expect(children.count == 1 && children[0].traceID == review.traceID)
    }
    #expect(received.named("mutate pod admission").count >= 2)
  }

  @Test("a server's are sent before it ends")
  func serve() throws {
    let collector = try CollectorStandIn()
    let server = try ServerUnderTest(["--enable-tracing", "--otel-collector-endpoint", collector.address])
    _ = try server.post("/mutate-v1-pod", Reviews.pod("arena-0", uid: "uid-7"))
    _ = try server.post("/mutate-v1-pod", "{")
    server.process.send(2)
    #expect(try server.process.waitForExit() == .code(0), "\(server.process.standardError)")
    let reviews = try Received(collector).named("mutate pod admission")
    #expect(reviews.map { $0.status.code } == [.ok, .error])
    #expect(Received.texts(reviews[0].attributes)["game.kruise.io.admission.request.uid"] == "uid-7")
  }

  @Test("a collector that is away costs spans and nothing else")
  func away() throws {
    let collector = try CollectorStandIn()
    collector.stop()
    let server = try ServerUnderTest(["--enable-tracing", "--otel-collector-endpoint", collector.address])
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-0")).status == 200)
    server.process.send(2)
    #expect(try server.process.waitForExit() == .code(0), "\(server.process.standardError)")
    #expect(server.process.standardError.contains("spans do not reach the collector"))
  }

  @Test(
    "values that cannot be used turn them off with a log line, and the program goes on",
    arguments: [
      ("--otel-sampling-rate=1.5", "0 to 1, not 1.5"), ("--otel-sampling-rate=-0.5", "not -0.5"),
      ("--otel-sampling-rate=nan", "not nan"), ("--otel-sampling-rate=half", "not half"),
      ("--otel-collector-endpoint=collector", "HOST:PORT"), ("--otel-collector-endpoint=a b:1", "HOST:PORT"),
      ("--otel-collector-token=a b", "without spaces"),
    ])
  func unusable(_ argument: String, _ words: String) throws {
    let server = try ServerUnderTest(["--enable-tracing", argument])
    #expect(server.process.standardError.contains("no traces are made"))
    #expect(server.process.standardError.contains(words), "\(server.process.standardError)")
    #expect(try server.metric("gatehouse_spans_exported_total") == nil)
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-0")).status == 200)
  }
}
