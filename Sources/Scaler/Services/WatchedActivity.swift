internal import Kubernetes
internal import Synchronization

/// Whether a set is active, followed by a client: KEDA's trigger `external-push`.
final class WatchedActivity: Watched {
  /// Whether there is something to look at; set by whoever changes the set.
  private final class Mark: Sendable {
    let isSet = Atomic(true)
  }

  private let scaled: ScaledSet
  private let index: SetIndex
  private let clock: @Sendable () -> Timestamp
  private let mark = Mark()
  private var subscription: SetIndex.Subscription?
  private var told: Bool?

  /// - Throws: `NOT_FOUND` or `UNAVAILABLE` for a set that is not there.
  init(_ scaled: ScaledSet, _ index: SetIndex, _ clock: @escaping @Sendable () -> Timestamp) throws(GRPCStatus) {
    self.scaled = scaled
    self.index = index
    self.clock = clock
    _ = try scaled.snapshot(index)
  }

  func begin(_ changed: @escaping @Sendable () -> Void) {
    subscription = index.subscribe(scaled.key) { [mark] in
      mark.isSet.store(true, ordering: .releasing)
      changed()
    }
  }

  func next() throws(GRPCStatus) -> [UInt8]? {
    let isChanged = mark.isSet.exchange(false, ordering: .acquiringAndReleasing)
    guard isChanged || scaled.trigger.schedule != nil else { return nil }
    let snapshot = try scaled.snapshot(index)
    // A set whose controller has not reported is neither; it is told once it is known.
    guard let isActive = Activity.isActive(scaled.trigger, snapshot, at: clock()), isActive != told else { return nil }
    told = isActive
    var response = Externalscaler_IsActiveResponse()
    response.result = isActive
    return try response.answer()
  }

  /// Windows open and close on whole minutes; with a look every ten seconds the client hears of it in time.
  var recheck: Duration? { scaled.trigger.schedule == nil ? nil : .seconds(10) }

  func cancel() {
    if let subscription { index.cancel(subscription) }
    subscription = nil
  }
}
