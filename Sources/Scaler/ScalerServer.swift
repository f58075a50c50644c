public import HTTPServer
public import Kubernetes
internal import Synchronization
public import Telemetry

/// The external scaler: KEDA's service, health and reflection, as gRPC over plain HTTP/2.
///
/// Every replica answers from its own store; nothing is listed and nothing is awaited.
public final class ScalerServer: Sendable {
  /// Sets and counts that the answers come from.
  public let index: SetIndex
  private let server: Server
  private let isReady: Readiness

  /// Whether calls are welcome, shared with the health service.
  private final class Readiness: Sendable {
    let isDraining = Atomic(false)
  }

  /// Prepares a server; nothing is bound yet.
  /// - Parameters:
  ///   - store: Where sets and pods come from.
  ///   - address: `host:port`; port 0 takes a free one.
  ///   - registry: Where the scaler's metrics go.
  ///   - clock: Tells the wall-clock time, for schedules.
  /// - Throws: A `ServerError` when descriptors have run out.
  public init(
    store: ObjectStore, bind address: String, registry: MetricRegistry = MetricRegistry(),
    clock: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
  ) throws(ServerError) {
    let index = SetIndex(following: store)
    let readiness = Readiness()
    let metrics = ScalerMetrics(registry)
    let health = HealthService { index.hasSynced && !readiness.isDraining.load(ordering: .acquiring) }
    let methods = GRPCMethods(
      ExternalScalerService(index: index, clock: clock).methods(metrics) + health.methods(metrics)
        + ReflectionService().methods(metrics))
    var limits = Limits()
    limits.connections = Limits.fewConnections
    // One loop answers some ten thousand calls a second, far more than KEDA's polls of a thousand sets.
    server = try Server(
      [Endpoint(address, spread: .oneLoop, service: GRPCService(methods: methods, metrics: metrics))], threads: 1,
      limits: limits, name: "scaler")
    self.index = index
    isReady = readiness
  }

  /// Binds and starts to answer.
  /// - Returns: The bound address, with the port that the kernel chose.
  /// - Throws: A `ServerError` that names the address that cannot be bound.
  public func start() throws(ServerError) -> String { try server.start()[0] }

  /// Begins the end: health turns to not serving; after the grace clients are told to go elsewhere (GOAWAY), streams end, and
  /// calls in flight are answered.
  public func drain(grace: Duration? = nil) {
    isReady.isDraining.store(true, ordering: .releasing)
    server.drain(grace: grace)
  }

  /// Waits until the server has ended after `drain()`; blocks the calling thread.
  public func join() { server.join() }

  /// Ends without grace, and waits for it.
  public func stop() {
    drain(grace: .zero)
    join()
  }
}
