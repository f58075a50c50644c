import Admission
import GameAdmission
import HotReload
import JSON
import Kubernetes
import NetworkPlugins

/// The cost of one review without the network: from the bytes of the body to the bytes of the answer.
struct DecisionBenchmark {
  /// What decides: the shipped configuration over an empty cluster, as a server without manifests has it.
  static func makeAdmission() -> GameAdmission {
    let store = ObjectStore()
    for resource in [Resource.pods, .gameServers, .gameServerSets, .configMaps, .secrets, .nodes] {
      store.replace(resource, with: [])
    }
    let hostPorts = HostPortAllocator(range: ProviderConfiguration.shipped.kubernetes.hostPort)
    hostPorts.observe(store)
    return GameAdmission(
      cluster: store, plugins: PluginRegistry(.shipped, hostPorts: hostPorts),
      hotReload: HotReloadDefaults(agentImage: "gatehouse:benchmark", serverSupportsNativeSidecars: true))
  }

  let body: ReviewBody
  let handler: AdmissionHandler
  let iterations: Int

  /// The handler of the body's path.
  init(_ body: ReviewBody, _ admission: GameAdmission, iterations: Int) throws(BenchmarkFailure) {
    guard let path = ReviewPath(rawValue: body.path) else { throw BenchmarkFailure("nobody reviews \(body.path)") }
    self.body = body
    handler = admission.handler(path)
    self.iterations = iterations
  }

  /// Parse, decide, and all of it with the answer written.
  func run() throws -> [Measurement] {
    let bytes = body.bytes
    let request = try AdmissionHandler.open(bytes.span)
    let handler = handler
    return [
      try Measurement.of("\(body.name): parse", iterations: iterations) {
        keep(try AdmissionHandler.open(bytes.span).isDryRun)
      },
      try Measurement.of("\(body.name): decide", iterations: iterations) {
        keep(try handler.decide(request, deadline: .now + .seconds(8)).context.warnings.count)
      },
      whole(),
    ]
  }

  private func whole() -> Measurement {
    var answer = AdmissionAnswer()
    return Measurement.of("\(body.name): parse, decide, write", iterations: iterations) {
      handler.handle(body: body.bytes.span, query: "timeout=10s", receivedAt: .now, into: &answer)
      keep(answer.body.count)
    }
  }

  /// The sizes of the review and of its answer, in bytes, and what the answer says.
  func sizes() -> (review: Int, answer: Int, outcome: String) {
    var answer = AdmissionAnswer()
    handler.handle(body: body.bytes.span, query: "", receivedAt: .now, into: &answer)
    return (body.bytes.count, answer.body.count, answer.outcome.rawValue)
  }

  /// Makes the optimiser believe that a result is used.
  @inline(never) private func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }
}
