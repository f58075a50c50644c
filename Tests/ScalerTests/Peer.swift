import Kubernetes
import Telemetry
import TestSupport

@testable import Scaler

/// A client of one connection without a socket, at a time that the test sets.
final class Peer {
  let store = ObjectStore()
  let index: SetIndex
  let registry = MetricRegistry()
  let metrics: ScalerMetrics
  let methods: GRPCMethods
  let connection: GRPCConnection
  var now = ContinuousClock.now

  init() {
    store.replace(.gameServerSets, with: [Objects.set("arena", replicas: 2)])
    store.replace(.pods, with: [])
    let index = SetIndex(following: store)
    metrics = ScalerMetrics(registry)
    let service = ExternalScalerService(index: index) { Timestamp(seconds: 1_800_000_000) }
    methods = GRPCMethods(service.methods(metrics) + HealthService { true }.methods(metrics))
    self.index = index
    connection = GRPCConnection(methods, metrics, now: now) {}
  }

  /// Sends bytes, and returns what comes back.
  @discardableResult
  func send(_ bytes: [UInt8]) -> [Frame] {
    connection.receive(bytes.span, now: now)
    return take()
  }

  @discardableResult
  func send(_ frames: Frame...) -> [Frame] { send(frames.flatMap(\.bytes)) }

  /// Begins the connection as a client does.
  func begin() {
    send(Frame.preface + Frame.settings.bytes)
  }

  /// What the server wants to send.
  func take() -> [Frame] {
    var output: [UInt8] = []
    connection.emit(into: &output, now: now)
    return Frame.parse(output)
  }

  /// Lets time pass until the connection's next deadline.
  /// - Returns: Whether the connection goes on.
  func waitForDeadline() -> Bool {
    guard let deadline = connection.deadline else { return true }
    now = max(now, deadline)
    return connection.expire(now: now)
  }
}
