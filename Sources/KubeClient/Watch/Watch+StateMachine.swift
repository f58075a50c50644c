import Kubernetes

extension Watch {
  /// What a watch does next, and what it knows: `empty → listing → listed → watching`.
  ///
  /// Synchronous and without a clock. The shell asks for the ``next(random:)`` action, performs it, and tells what came of it. Rules:
  /// a version that has expired (410) leads back to `empty`, any other end of a stream to `listed`, and a bookmark moves the version only.
  /// See "Efficient detection of changes" in Kubernetes' API concepts.
  struct StateMachine: Sendable {
    /// What the watch knows of the collection.
    enum State: Sendable, Equatable {
      /// Nothing that could be continued; `floor` is the newest version that was ever seen, below which no list may fall.
      case empty(floor: String?)
      /// Pages of a list have arrived, and more follow.
      case listing(continuation: String, floor: String?)
      /// A complete state of this version, and no stream.
      case listed(version: String)
      /// A stream is open and has reached this version.
      case watching(version: String)
    }

    /// What is to be done.
    enum Action: Sendable, Equatable {
      /// Get a page; nil for the limit is all at once.
      case list(ListVersion, limit: Int?, continuation: String?)
      /// Open a stream behind a version.
      case watch(version: String)
      /// Read on from the open stream.
      case read
    }

    /// What a page means.
    enum PageUse: Sendable, Equatable {
      /// It begins a list, or goes on with one.
      case keep
      /// It is the last: the collected objects are the whole state.
      case complete
    }

    private(set) var state = State.empty(floor: nil)
    /// The wait before the next action.
    private(set) var delay = Duration.zero
    private var backOff = BackOff(first: .milliseconds(200), longest: .seconds(20))
    /// Whether the next list comes in one piece, because the pages of the last one expired before they were read.
    private var avoidsPages = false

    /// The next action; the shell waits for ``delay`` before it.
    var next: Action {
      switch state {
      case .empty(let floor):
        .list(floor.map(ListVersion.notOlderThan) ?? .newest, limit: limit, continuation: nil)
      case .listing(let continuation, _): .list(.newest, limit: limit, continuation: continuation)
      case .listed(let version): .watch(version: version)
      case .watching: .read
      }
    }

    private var limit: Int? { avoidsPages ? nil : ObjectPage.defaultLimit }

    /// A page of the list has arrived.
    mutating func listed(version: String, continuation: String?) -> PageUse {
      delay = .zero
      guard let continuation else {
        avoidsPages = false
        state = .listed(version: version)
        return .complete
      }
      state = .listing(continuation: continuation, floor: floor)
      return .keep
    }

    /// A page could not be had.
    mutating func listFailed(_ error: KubernetesError, random: Double) {
      delay = wait(error, random)
      switch state {
      case .listing(_, let floor):
        // The pages that are there belong to a version that the rest cannot be had of any more.
        if error.isExpired { avoidsPages = true }
        if error.isExpired || !error.isTransient { state = .empty(floor: floor) }
      case .empty:
        // The server knows nothing so new: its database was restored from a backup, and older is the truth now.
        if error.isVersionAhead || error.isExpired { state = .empty(floor: nil) }
      case .listed, .watching: preconditionFailure("a list ended that was not asked for")
      }
    }

    /// The stream is open.
    mutating func opened() {
      guard case .listed(let version) = state else { preconditionFailure("a stream opened that was not asked for") }
      state = .watching(version: version)
    }

    /// An event has arrived; answers whether the stream goes on.
    mutating func received(_ event: WatchEvent, random: @autoclosure () -> Double) -> Bool {
      guard case .watching = state else { preconditionFailure("an event without a stream") }
      if case .error(let error) = event {
        ended(error, hasLived: false, random: random())
        return false
      }
      guard let version = event.version else { return true }
      backOff.succeed()
      state = .watching(version: version)
      return true
    }

    /// The stream ended, or could not be opened; nil where the server ended it in order.
    ///
    /// - Parameter hasLived: Whether it was open so long that opening it again at once does no harm.
    mutating func ended(_ error: KubernetesError?, hasLived: Bool, random: Double) {
      let version: String
      switch state {
      case .listed(let reached), .watching(let reached): version = reached
      case .empty, .listing: preconditionFailure("a stream ended that was not asked for")
      }
      if hasLived { backOff.succeed() }
      if error?.isExpired == true || error?.code == .notFound {
        // Not a failure that waiting mends, but if the server expires each list at once it must not become a storm.
        delay = backOff.fail(random: random)
        state = .empty(floor: version)
      } else if error?.isVersionAhead == true {
        delay = backOff.fail(random: random)
        state = .empty(floor: nil)
      } else {
        delay = error == nil && hasLived ? .zero : wait(error, random)
        state = .listed(version: version)
      }
    }

    private var floor: String? {
      switch state {
      case .empty(let floor), .listing(_, let floor): floor
      case .listed(let version), .watching(let version): version
      }
    }

    private mutating func wait(_ error: KubernetesError?, _ random: Double) -> Duration {
      // A server may ask for any number of seconds; a store that stands still for longer than five minutes is worse than a request too many.
      max(backOff.fail(random: random), min(error?.retryAfter ?? .zero, .seconds(300)))
    }
  }
}

extension KubernetesError {
  /// Whether the version, or the page token, that was asked for is no longer kept (HTTP 410).
  var isExpired: Bool { code == .gone || code == .expired || status == 410 }
}
