internal import EventLoop
internal import Synchronization

/// What the loops of a server share.
final class ServerTotals: Sendable {
  let connections = Atomic(0)
  let requestsInFlight = Atomic(0)
  /// Received bytes of large bodies that are not complete.
  let waitingBytes = Atomic(0)
}

/// A connection as its worker sees it.
protocol OpenConnection: AnyObject {
  func drain()
  /// Sends what was held back with ``Worker/sendLater(_:)``.
  func sendNow()
  func close()
}

/// One loop with its listeners, connections and spare buffers; everything but `loop`, `limits` and `counters` belongs
/// to the loop's thread.
final class Worker: @unchecked Sendable {
  // Safe because the mutable properties are touched on the loop's thread only (before it starts: by the maker's).

  let loop: EventLoop
  let limits: Limits
  let counters = LoopCounters()
  let totals: ServerTotals
  private(set) var stage = DrainStage.open
  private var listeners: [Listener] = []
  private var connections: [ObjectIdentifier: any OpenConnection] = [:]
  private var spares: [Workspace] = []
  private var senders: [any OpenConnection] = []
  private var dateField = DateField()

  init(name: String, limits: Limits, totals: ServerTotals, clock: @escaping EventLoop.Clock) throws(SystemError) {
    loop = try EventLoop(name: name, clock: clock)
    self.limits = limits
    self.totals = totals
    loop.onBatchEnd { [unowned self] in sendAll() }
  }

  var now: ContinuousClock.Instant { loop.now }

  /// The text of the field `Date`.
  var date: [UInt8] { dateField.current() }

  /// A workspace from the spares, or a new one.
  func takeWorkspace() -> Workspace { spares.popLast() ?? Workspace() }

  /// How many workspaces wait for a connection.
  var spareCount: Int { spares.count }

  /// Keeps a workspace for the next connection: as many as answers are held back at once; more would be idle memory.
  func giveBack(_ workspace: Workspace) {
    guard spares.count < Worker.sendersLimit, !workspace.isOversized else { return }
    workspace.input.removeAll()
    workspace.output.removeAll(keepingCapacity: true)
    workspace.sent = 0
    spares.append(workspace)
  }

  func add(_ listener: Listener) {
    listeners.append(listener)
  }

  func opened(_ connection: any OpenConnection) {
    connections[ObjectIdentifier(connection)] = connection
    counters.accepted.add(1)
    counters.open.add(1)
    totals.connections.add(1, ordering: .relaxed)
  }

  func closed(_ connection: any OpenConnection) {
    guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
    counters.open.add(-1)
    totals.connections.subtract(1, ordering: .relaxed)
    endIfDone()
  }

  /// Whether so many requests are in flight that the next one is told to try again.
  var isOverloaded: Bool { totals.requestsInFlight.load(ordering: .relaxed) >= limits.requestsInFlight }

  func takePlace() {
    counters.inFlight.add(1)
    totals.requestsInFlight.add(1, ordering: .relaxed)
  }

  func leavePlace() {
    counters.inFlight.add(-1)
    totals.requestsInFlight.subtract(1, ordering: .relaxed)
  }

  /// Accounts for a change of the received bytes of a large body that is not complete.
  /// - Returns: Whether all of them still have room.
  func keepWaiting(_ change: Int) -> Bool {
    let (_, total) = totals.waitingBytes.add(change, ordering: .relaxed)
    return change <= 0 || total <= limits.waitingBytes
  }

  /// Whether another connection can be taken.
  var hasRoom: Bool { totals.connections.load(ordering: .relaxed) < limits.connections }
}

extension Worker {
  /// How many answers are held back at once: each keeps its buffers (about 36 KiB), and the first waits for the last.
  private static let sendersLimit = 8

  /// Holds the answer of a connection back until the other requests of the same batch are answered; `false` where there is no batch.
  ///
  /// A write wakes the client, and on a busy machine the kernel runs it at once in the server's place. Answers that leave together
  /// cost one such switch instead of one each.
  func sendLater(_ connection: any OpenConnection) -> Bool {
    guard loop.isInBatch else { return false }
    senders.append(connection)
    return true
  }

  /// Whether so many answers are held back that they go before the next request is looked at.
  func sendAllIfFull() {
    if senders.count >= Worker.sendersLimit { sendAll() }
  }

  private func sendAll() {
    guard !senders.isEmpty else { return }
    // Taken out first: what a connection does next may close others, never add to the list of a batch that has ended.
    let waiting = senders
    senders.removeAll(keepingCapacity: true)
    for connection in waiting { connection.sendNow() }
  }
}

extension Worker {
  /// Between ignoring new connections and closing the listener: time for handshakes under way to reach the queue.
  private static let settling = Duration.milliseconds(100)

  /// Begins the way to the end: answers carry `Connection: close` from now on, listeners go after the grace.
  func beginDrain(grace: Duration) {
    guard stage == .open else { return }
    stage = .leaving
    loop.schedule(at: now + grace) { [self] in
      for listener in listeners { listener.ignoreNewConnections() }
      loop.schedule(at: now + (grace == .zero ? .zero : Self.settling)) { [self] in closeListeners() }
    }
  }

  private func closeListeners() {
    for listener in listeners { listener.close() }
    listeners = []
    stage = .closing(since: now)
    loop.schedule(at: now + limits.drainLimit) { [self] in closeAll() }
    for connection in connections.values { connection.drain() }
    endIfDone()
  }

  private func closeAll() {
    for connection in connections.values { connection.close() }
    endIfDone()
  }

  private func endIfDone() {
    guard case .closing = stage, connections.isEmpty else { return }
    loop.stop()
  }
}
