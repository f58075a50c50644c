public import Kubernetes
public import Logging

/// Takes keys from a queue and lets a reconciler work on them, several at once, each key by one worker at a time.
public struct Runner: Sendable {
  private let reconciler: any Reconciler
  private let queue: WorkQueue<NamespacedName>
  private let workers: Int
  private let trace: ReconcileTrace?
  private let log: Logger

  /// Describes a runner.
  ///
  /// - Parameters:
  ///   - workers: Keys that are worked on at once, at least one.
  ///   - trace: Makes a span of each pass; nil makes none.
  public init(
    _ reconciler: any Reconciler, _ queue: WorkQueue<NamespacedName>, workers: Int, trace: ReconcileTrace? = nil,
    log: Logger = Logger(label: "runner")
  ) {
    precondition(workers > 0, "a runner has workers")
    self.reconciler = reconciler
    self.queue = queue
    self.workers = workers
    self.trace = trace
    self.log = log
  }

  /// Works until the queue is closed and empty, or the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<workers {
        group.addTask {
          await work()
          return true
        }
      }
      group.addTask {
        await keepTime()
        return false
      }
      var ended = 0
      // The time keeper never ends by itself: it is sent home with the last worker.
      for await isWorker in group where isWorker {
        ended += 1
        if ended == workers { group.cancelAll() }
      }
    }
  }

  /// Moves delayed keys into the line when their time comes.
  private func keepTime() async {
    while !Task.isCancelled { await queue.bell.wait(until: queue.promote()) }
  }

  private func work() async {
    while let key = await queue.take() {
      let start = ContinuousClock.now
      let outcome =
        if let trace { await trace.reconcile(key, reconciler) } else { await reconciler.reconcile(key) }
      finish(key, outcome, start.duration(to: .now))
    }
  }

  /// The one place that decides when a key is looked at again.
  private func finish(_ key: NamespacedName, _ outcome: ReconcileOutcome, _ time: Duration) {
    switch outcome {
    case .done:
      queue.metrics.worked(.done, time)
      queue.finish(key, .no)
    case .after(let delay):
      queue.metrics.worked(.after, time)
      queue.finish(key, .after(delay))
    case .retry(let reason):
      queue.metrics.worked(.retry, time)
      log.notice("tried again later", metadata: metadata(key, reason))
      queue.finish(key, .backOff)
    case .terminal(let reason):
      queue.metrics.worked(.terminal, time)
      log.error("given up until it changes", metadata: metadata(key, reason))
      queue.finish(key, .no)
    }
  }

  private func metadata(_ key: NamespacedName, _ reason: String) -> Logger.Metadata {
    ["controller": "\(reconciler.name)", "key": "\(key)", "reason": "\(reason)"]
  }
}
