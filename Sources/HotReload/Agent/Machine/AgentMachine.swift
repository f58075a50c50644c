/// When the agent publishes and when it notifies, as a value: events and the time go in, actions come out.
///
/// Publishing and notifying run beside each other. At most one of each is under way; what arrives meanwhile waits, and
/// only the newest of it is used. A closed gate holds every revision but the first, without which the game cannot start.
struct AgentMachine {
  typealias Instant = ContinuousClock.Instant

  /// Something that happened.
  enum Event: Sendable {
    /// The source may hold something new.
    case sourceMayHaveChanged
    /// The gate was looked at.
    case gate(isOpen: Bool)
    /// A publish that was asked for has ended.
    case publishEnded(PublishOutcome)
    /// A notification that was asked for has ended.
    case notificationEnded(revision: String, DeliveryOutcome)
    /// Somebody else made another revision the current one.
    case rolledBack(to: String)
    /// A deadline has passed.
    case wokenUp
  }

  /// Something to do.
  enum Action: Sendable, Equatable {
    /// Copy the source and make it the current revision.
    case publish
    /// Tell the game of a revision.
    case notify(revision: String)
  }

  private enum Publishing {
    case settled
    case wanted(notBefore: Instant)
    case running(changedMeanwhile: Bool)
  }

  /// How far the game knows the current revision.
  enum Delivery: Sendable, Equatable {
    /// There is nothing to tell.
    case done
    /// The game has to be told, for the first time or again.
    case wanted(revision: String, failures: Int, notBefore: Instant)
    /// The game is being told.
    case running(revision: String, failures: Int)
  }

  /// The time between two publishes; a reader that opened a revision's directory has three times as long to read it
  /// before the directory goes.
  static let spacing = Duration.milliseconds(100)

  private let notifies: Bool
  private let backoff: Backoff
  private var publishing = Publishing.settled
  private var gateIsOpen: Bool
  private var failures = 0
  private var lastPublish: Instant?
  private var hasRead = false
  /// The revision that readers see.
  private(set) var current: String?
  /// How far the game knows it.
  private(set) var delivery = Delivery.done

  /// The state at the start of the agent.
  ///
  /// - Parameters:
  ///   - current: the revision that an earlier run of the agent left.
  ///   - notified: the revision that the game was told of last.
  init(
    notifies: Bool, gateIsOpen: Bool, current: String?, notified: String?, at now: Instant,
    backoff: Backoff = .standard
  ) {
    self.notifies = notifies
    self.gateIsOpen = gateIsOpen
    self.current = current
    self.backoff = backoff
    if notifies, let current, current != notified { delivery = .wanted(revision: current, failures: 0, notBefore: now) }
  }

  /// Whether something waits for the gate to open.
  var isHeld: Bool {
    if case .wanted = publishing { isBlockedByGate } else { false }
  }

  /// Whether readers see a set that this run has made or confirmed, or that the gate keeps.
  ///
  /// What an earlier run left does not count: the sidecar of a new image has started when its own set is there.
  var isStarted: Bool { current != nil && (hasRead || isHeld) }

  /// Whether a publish is under way.
  var isPublishing: Bool {
    if case .running = publishing { true } else { false }
  }

  /// When ``Event/wokenUp`` is due; nil while only an event can change anything.
  var deadline: Instant? {
    var times: [Instant] = []
    if case .wanted(let time) = publishing, !isBlockedByGate { times.append(time) }
    if case .wanted(_, _, let time) = delivery { times.append(time) }
    return times.min()
  }

  private var isBlockedByGate: Bool { !gateIsOpen && current != nil }

  /// Takes an event and answers what to do now.
  mutating func handle(_ event: Event, at now: Instant) -> [Action] {
    switch event {
    case .sourceMayHaveChanged: wantPublish(at: now)
    case .gate(let isOpen): gateIsOpen = isOpen
    case .publishEnded(let outcome): publishEnded(outcome, at: now)
    case .notificationEnded(let revision, let outcome): notificationEnded(revision, outcome, at: now)
    case .rolledBack(let revision): becomeCurrent(revision, at: now)
    case .wokenUp: break
    }
    return dueActions(at: now)
  }

  private mutating func dueActions(at now: Instant) -> [Action] {
    var actions: [Action] = []
    if case .wanted(let time) = publishing, time <= now, !isBlockedByGate {
      publishing = .running(changedMeanwhile: false)
      actions.append(.publish)
    }
    if case .wanted(let revision, let failures, let time) = delivery, time <= now {
      delivery = .running(revision: revision, failures: failures)
      actions.append(.notify(revision: revision))
    }
    return actions
  }

  private mutating func wantPublish(at now: Instant) {
    if case .running = publishing {
      publishing = .running(changedMeanwhile: true)
    } else {
      // A change also ends the wait after a failure: it may well be the repair.
      publishing = .wanted(notBefore: max(now, earliestPublish(now)))
    }
  }

  private func earliestPublish(_ now: Instant) -> Instant { lastPublish.map { $0 + Self.spacing } ?? now }

  private mutating func publishEnded(_ outcome: PublishOutcome, at now: Instant) {
    guard case .running(let changedMeanwhile) = publishing else { return }
    lastPublish = now
    switch outcome {
    case .published(let report):
      (failures, hasRead) = (0, true)
      publishing = .settled
      let isFirst = current == nil
      becomeCurrent(report.revision, at: now)
      // The game has not started yet and will read the first revision by itself.
      if isFirst { delivery = .done }
    case .unchanged, .rejected:
      (failures, hasRead) = (0, true)
      publishing = .settled
    case .failed:
      failures += 1
      publishing = .wanted(notBefore: now + backoff.delay(afterFailures: failures))
    }
    if changedMeanwhile { wantPublish(at: now) }
  }

  private mutating func becomeCurrent(_ revision: String, at now: Instant) {
    guard revision != current else { return }
    current = revision
    delivery = notifies ? .wanted(revision: revision, failures: 0, notBefore: now) : .done
  }

  private mutating func notificationEnded(_ revision: String, _ outcome: DeliveryOutcome, at now: Instant) {
    // The answer for a revision that is no longer the newest says nothing about the one that is.
    guard case .running(revision, let failures) = delivery else { return }
    switch outcome {
    case .delivered: delivery = .done
    case .failed(_, let wait):
      let delay = max(backoff.delay(afterFailures: failures + 1), min(wait ?? .zero, backoff.limit))
      delivery = .wanted(revision: revision, failures: failures + 1, notBefore: now + delay)
    }
  }
}

/// What a publish came to.
enum PublishOutcome: Sendable, Equatable {
  /// What became visible.
  struct Report: Sendable, Equatable {
    /// The fingerprint of what readers see.
    let revision: String
    /// The fingerprint of the source, which is the same for every server of a set even where templates differ.
    let source: String
    /// Whether the set holds templates, so that a changed label changes it.
    let usesValues: Bool
    /// How many files the set holds.
    let files: Int
    /// How many bytes they hold.
    let bytes: Int
  }

  /// A new revision is current.
  case published(Report)
  /// The source holds what is current already.
  case unchanged(Report)
  /// The source holds the revision that was rolled back.
  case rejected(Report)
  /// Nothing changed for readers, for this reason.
  case failed(String)
}

/// What a notification came to.
enum DeliveryOutcome: Sendable, Equatable {
  /// The game has taken it.
  case delivered
  /// The game has not; it is tried again, after at least `wait` where that is given.
  case failed(String, wait: Duration? = nil)
}
