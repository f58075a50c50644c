internal import HTTPServer
internal import Synchronization

/// gRPC as the protocol of an endpoint: hands bytes and times between the server's connections and ``GRPCConnection``.
struct GRPCHandler: StreamHandler {
  private let connection: GRPCConnection
  private let wake: WakeUp
  private var now: ContinuousClock.Instant

  init(_ service: GRPCService, _ context: ConnectionContext<GRPCHandler>) {
    let wake = WakeUp(context.link)
    self.wake = wake
    now = context.openedAt
    connection = GRPCConnection(service.methods, service.metrics, limits: service.limits, now: now) { wake.call() }
  }

  var deadline: ContinuousClock.Instant? { connection.deadline }

  mutating func opened(_ workspace: Workspace, clientSubject: String?, now: ContinuousClock.Instant) -> StreamVerdict {
    verdict(workspace, now)
  }

  mutating func received(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
    connection.receive(workspace.input.storage.span.extracting(workspace.input.range), now: now)
    workspace.input.removeAll()
    return verdict(workspace, now)
  }

  mutating func flushed(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? {
    connection.emit(into: &workspace.output, now: now)
    if connection.isOver { return .finish }
    return workspace.output.isEmpty ? nil : .proceed
  }

  mutating func expired(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
    connection.expire(now: now) ? verdict(workspace, now) : .abort
  }

  mutating func draining(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? {
    connection.drain(now: now)
    return verdict(workspace, now)
  }

  mutating func closed() {
    connection.close(now: now)
  }

  /// Looks at the followed states, because one of them changed.
  fileprivate mutating func look(_ workspace: Workspace, _ now: ContinuousClock.Instant) -> StreamVerdict {
    wake.begin()
    connection.look(now: now)
    return verdict(workspace, now)
  }

  private mutating func verdict(_ workspace: Workspace, _ now: ContinuousClock.Instant) -> StreamVerdict {
    self.now = now
    connection.emit(into: &workspace.output, now: now)
    return connection.isOver ? .finish : .proceed
  }

  /// Brings a change from any thread to the connection's, once for any number of changes.
  private final class WakeUp: Sendable {
    private let isPending = Atomic(false)
    private let link: ConnectionLink<GRPCHandler>

    init(_ link: ConnectionLink<GRPCHandler>) {
      self.link = link
    }

    func call() {
      guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
      link.perform { handler, workspace, now in handler.look(workspace, now) }
    }

    func begin() {
      isPending.store(false, ordering: .releasing)
    }
  }
}

/// What makes the protocol of each connection.
struct GRPCService: StreamService {
  let methods: GRPCMethods
  let metrics: ScalerMetrics
  var limits = GRPCLimits()

  func makeHandler(_ context: ConnectionContext<GRPCHandler>) -> GRPCHandler {
    GRPCHandler(self, context)
  }
}
