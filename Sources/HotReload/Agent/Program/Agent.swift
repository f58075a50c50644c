internal import EventLoop
internal import Glibc
internal import JSON

/// The agent's shell: one loop that hears of changes, two threads that copy and notify, and a state machine that decides.
///
/// Nothing runs while nothing changes, but for one look at the source per poll interval.
final class Agent: @unchecked Sendable {
  // Safe because everything but the loops' `submit` is touched on the main loop's thread only.

  private let options: AgentOptions
  private let loop: EventLoop
  private let copying: EventLoop
  private let notifying: EventLoop
  private let revisions: PublishedRevisions
  private let publisher: Publisher
  private let notifier: Notifier
  private var machine: AgentMachine
  private var status = AgentStatus()
  private var watch: AgentWatch?
  private var server: StatusServer?
  private var signals: SignalWatcher?
  private var timer: TimerID?
  private var exitCode: Int32?
  /// Whether the startup probe's note is written.
  private var isNoted = false
  /// Whether a changed label changes the published set.
  private var usesValues = false

  /// Prepares an agent; nothing is read or written before ``run()``.
  ///
  /// - Throws: `SystemError` when descriptors have run out or the published directory cannot be made.
  init(_ options: AgentOptions) throws(SystemError) {
    self.options = options
    loop = try EventLoop(name: "hot-reload")
    copying = try EventLoop(name: "hot-reload-copy")
    notifying = try EventLoop(name: "hot-reload-note")
    revisions = PublishedRevisions(directory: options.publish)
    publisher = Publisher(
      source: options.source, revisions: revisions, podDirectory: options.pod, sizeLimit: options.sizeLimit)
    notifier = Notifier(notification: options.notification, publish: options.publish)
    if try FileStatus(options.publish) == nil { try FileSystem.makeDirectory(options.publish) }
    machine = AgentMachine(
      notifies: options.notification != .none,
      gateIsOpen: PublishGate.isOpen(options.gate, file: options.gateFile), current: revisions.current,
      notified: revisions.read(.notified), at: loop.now)
  }

  /// Runs until a signal, or until there is a revision where that is all that was asked.
  ///
  /// - Throws: `SystemError` when the status port is taken or threads have run out.
  func run() throws(SystemError) -> Int32 {
    if options.command == .once, revisions.current != nil { return 0 }
    try revisions.remove(.started)
    // Before the threads start, so that they inherit what is blocked.
    signals = try SignalWatcher([.terminate, .interrupt], on: loop) { [weak self] _ in self?.exitCode = 0 }
    try copying.start()
    try notifying.start()
    if options.command == .run { try serve() }
    watch = AgentWatch(options, on: loop, copying: copying) { [weak self] change in self?.changed(change) }
    take(.sourceMayHaveChanged)
    while exitCode == nil { try loop.turn() }
    finish()
    return exitCode ?? 0
  }

  private func serve() throws(SystemError) {
    let server = try StatusServer(port: options.statusPort, on: loop) { [weak self] path in
      self?.answer(path) ?? .notFound
    }
    self.server = server
    AgentLog.print("ready status=127.0.0.1:\(server.port)")
  }

  private func answer(_ path: String) -> StatusAnswer {
    switch path {
    case "/startup":
      machine.isStarted
        ? StatusAnswer(body: "started\n") : StatusAnswer(status: 503, body: "no revision of this source yet\n")
    case "/status": StatusAnswer(type: "application/json", body: status.json.text + "\n")
    case "/metrics": StatusAnswer(type: "text/plain; version=0.0.4", body: status.metrics)
    default: .notFound
    }
  }

  private func changed(_ change: AgentWatch.Change) {
    switch change {
    case .source: take(.sourceMayHaveChanged)
    case .pod:
      take(.gate(isOpen: PublishGate.isOpen(options.gate, file: options.gateFile)))
      if usesValues { take(.sourceMayHaveChanged) }
    case .published:
      // While a publish is under way, the change is the agent's own.
      guard !machine.isPublishing, let current = revisions.current, current != machine.current else { return }
      AgentLog.line("rolled back", ["revision": current])
      take(.rolledBack(to: current))
    }
  }

  /// Feeds the machine, does what it says, and sets the timer for what it waits for.
  private func take(_ event: AgentMachine.Event) {
    for action in machine.handle(event, at: ContinuousClock.now) {
      switch action {
      case .publish: publish()
      case .notify(let revision): notify(revision)
      }
    }
    refreshStatus()
    if let timer { loop.cancel(timer) }
    timer = machine.deadline.map { deadline in
      loop.schedule(at: deadline) { [weak self] in self?.take(.wokenUp) }
    }
  }

  private func publish() {
    let publisher = publisher
    copying.submit { [self] in
      let start = ContinuousClock.now
      let outcome = publisher.publish()
      let duration = ContinuousClock.now - start
      loop.submit { [self] in published(outcome, duration) }
    }
  }

  private func published(_ outcome: PublishOutcome, _ duration: Duration) {
    status.record(outcome, duration)
    switch outcome {
    case .published(let report):
      AgentLog.line("published", ["revision": report.revision, "files": String(report.files)])
      usesValues = report.usesValues
    case .unchanged(let report), .rejected(let report): usesValues = report.usesValues
    case .failed(let reason):
      AgentLog.line("not published", ["reason": reason])
      watch?.forget()
    }
    take(.publishEnded(outcome))
    if options.command == .once, machine.current != nil { exitCode = 0 }
  }

  private func notify(_ revision: String) {
    let notifier = notifier
    let revisions = revisions
    notifying.submit { [self] in
      let start = ContinuousClock.now
      let outcome = notifier.deliver(revision)
      // Without the note a restarted agent tells the game once more, which is the safe side.
      if outcome == .delivered { try? revisions.write(.notified, revision) }
      let duration = ContinuousClock.now - start
      loop.submit { [self] in notified(revision, outcome, duration) }
    }
  }

  private func notified(_ revision: String, _ outcome: DeliveryOutcome, _ duration: Duration) {
    status.record(outcome, duration)
    if case .failed(let reason, _) = outcome {
      AgentLog.line("not notified", ["revision": revision, "reason": reason])
    } else {
      AgentLog.line("notified", ["revision": revision])
    }
    take(.notificationEnded(revision: revision, outcome))
  }

  private func refreshStatus() {
    status.revision = machine.current
    status.isHeld = machine.isHeld
    status.rejected = machine.current == nil ? nil : revisions.rejected.last
    // A note that cannot be written leaves the probe failing, and is tried again with the next event.
    if machine.isStarted, !isNoted { isNoted = (try? revisions.write(.started, "")) != nil }
    switch machine.delivery {
    case .done:
      status.isNotificationPending = false
      status.attempts = 0
    case .wanted(_, let failures, _), .running(_, let failures):
      status.isNotificationPending = true
      status.attempts = failures
    }
  }

  /// Leaves the last words for kubelet, and ends the threads.
  ///
  /// A copy or notification that is under way is not waited for: a kill at any moment is safe, and kubelet's patience is short.
  private func finish() {
    watch?.cancel()
    if (try? FileStatus(options.terminationLog)) ?? nil != nil {
      try? FileSystem.write(options.terminationLog, Array(status.terminationMessage.utf8), flags: O_TRUNC)
    }
  }
}
