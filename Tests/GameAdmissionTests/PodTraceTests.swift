import Admission
import GameAdmission
import JSON
import Telemetry
import TestSupport
import Testing

@Suite("The spans of pods' reviews")
struct PodTraceTests {
  private let spans = RecordedSpans()

  /// The review of a fixture, with these annotations set.
  private func review(_ annotations: [String: String] = [:]) throws -> [UInt8] {
    let golden = try GoldenCase(folder: .mutatePod, name: "gives-host-ports").review
    var review = JSONValue(try JSONDocument(golden).root)
    guard !annotations.isEmpty else { return review.bytes }
    var object: JSONValue = [:]
    for (name, value) in annotations { object[name] = .string(value) }
    review["request"]?["object"]?["metadata"]?["annotations"] = object
    return review.bytes
  }

  private func handle(_ body: [UInt8], at path: ReviewPath = .mutatePod) throws {
    var answer = AdmissionAnswer()
    try TestCluster().admission().handler(path, tracer: spans.tracer())
      .handle(body: body.span, query: "", receivedAt: .now, into: &answer)
  }

  @Test("name the server, its set, the request and the plugin, and have the plugin's own span")
  func attributes() throws {
    let body = try review()
    let request = try AdmissionHandler.open(body.span)
    try handle(body)
    #expect(spans.all.map(\.name) == ["execute network plugin", "mutate pod admission"])
    let set = try #require(request.object?["metadata"]?["labels"]?["game.kruise.io/owner-gss"]?.string)
    #expect(
      spans.all[1].attributes == [
        "k8s.namespace.name": .string(request.namespace), "game.kruise.io.game_server.name": .string(request.name),
        "game.kruise.io.game_server.namespace": .string(request.namespace),
        "game.kruise.io.game_server_set.name": .string(set),
        "game.kruise.io.game_server_set.namespace": .string(request.namespace),
        "game.kruise.io.admission.operation": "CREATE",
        "game.kruise.io.admission.request.uid": .string(request.id), "game.kruise.io.component": "webhook",
        "game.kruise.io.webhook.handler": "mutating-pod", "game.kruise.io.network.status": "waiting",
        "game.kruise.io.network.plugin.name": "kubernetes_hostport", "cloud.provider": "kubernetes",
      ])
    #expect(spans.all[1].status == .ok("patched"))
    #expect(
      spans.all[0].attributes == [
        "game.kruise.io.network.plugin.name": "kubernetes_hostport", "cloud.provider": "kubernetes",
        "game.kruise.io.plugin.operation": "create",
      ])
    #expect(spans.all[0].parent == spans.all[1].context.spanID)
  }

  @Test(
    "name the cloud of a network type that nobody has",
    arguments: [
      ("AlibabaCloud-Moon", "alibaba_cloud"), ("AmazonWebServices-X", "aws"), ("tencentcloud-x", "tencent_cloud"),
      ("Volcengine-X", "volcengine"), ("JdCloud-X", "jdcloud"), ("HwCloud-X", "hwcloud"), ("Moon", "unknown"),
    ])
  func clouds(_ type: String, _ cloud: String) throws {
    try handle(review(["game.kruise.io/network-type": type]))
    let attributes = try #require(spans.all.last).attributes
    #expect(spans.all.count == 1)
    #expect(attributes["cloud.provider"] == .string(cloud))
    #expect(attributes["game.kruise.io.plugin.available"] == false)
    #expect(
      attributes["game.kruise.io.network.plugin.name"] == .string(type.lowercased().replacing("-", with: "_")))
  }

  @Test(
    "tell the network's state as it was found",
    arguments: [("Ready", "ready"), ("NotReady", "not_ready"), ("Waiting", "waiting"), ("", "waiting")])
  func states(_ state: String, _ told: String) throws {
    try handle(review(["game.kruise.io/network-status": #"{"currentNetworkState":"\#(state)"}"#]))
    #expect(spans.all.last?.attributes["game.kruise.io.network.status"] == .string(told))
  }

  @Test("say why a plugin refused")
  func failure() throws {
    try handle(
      review([
        "game.kruise.io/network-type": "Kubernetes-HostPort",
        "game.kruise.io/network-conf": #"[{"name":"ContainerPorts","value":"game:x"}]"#,
      ]))
    #expect(spans.all[0].attributes["error.type"] == "parameter_error")
    for span in spans.all {
      guard case .error = span.status else { return #expect(Bool(false), "\(span)") }
    }
  }

  @Test("link to the reconcile that a pod names, where it names one")
  func links() throws {
    let text = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    try handle(review(["game.kruise.io/traceparent": text]))
    let context = try #require(TraceContext(traceparent: text))
    let link = FinishedSpan.Link(context, attributes: ["link.reason": "triggered_by_reconcile"])
    #expect(spans.all.last?.links == [link])
    #expect(spans.all.last?.context.traceID != context.traceID)
    try handle(review(["game.kruise.io/traceparent": "nonsense"]))
    #expect(spans.all.last?.links == [])
  }

  @Test("are made of this path only")
  func otherPaths() throws {
    try handle(review(), at: .validatePod)
    #expect(spans.all.isEmpty)
  }
}
