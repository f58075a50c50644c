public import Telemetry

/// What a work queue and its workers count.
public struct QueueMetrics: Sendable {
  private let depth: Gauge
  private let delayed: Gauge
  private let wait: Histogram
  private let work: Histogram
  private let outcomes: [Outcome: Counter]

  /// What a pass over a key can come to.
  enum Outcome: String, Sendable, CaseIterable {
    case done, after, retry, terminal
  }

  /// Registers the metrics of the queue of a controller.
  public init(_ registry: MetricRegistry = MetricRegistry(), controller: String = "queue") {
    let labels: LabelSet = ["controller": controller]
    depth = registry.gauge("gatehouse_queue_depth", help: "Keys that wait to be worked on.", labels: labels)
    delayed = registry.gauge("gatehouse_queue_delayed", help: "Keys that wait for their time.", labels: labels)
    wait = registry.histogram(
      "gatehouse_queue_wait_seconds", help: "Time from a key's becoming due to its being taken.", labels: labels,
      buckets: .control)
    work = registry.histogram(
      "gatehouse_reconcile_seconds", help: "Time of one pass over a key.", labels: labels, buckets: .control)
    var outcomes: [Outcome: Counter] = [:]
    for outcome in Outcome.allCases {
      outcomes[outcome] = registry.counter(
        "gatehouse_reconciles_total", help: "Passes over keys, by what they came to.",
        labels: ["controller": controller, "outcome": outcome.rawValue])
    }
    self.outcomes = outcomes
  }

  func took(after waited: Duration, depth: Int) {
    wait.observe(waited)
    self.depth.set(Double(depth))
  }

  func show(depth: Int, delayed: Int) {
    self.depth.set(Double(depth))
    self.delayed.set(Double(delayed))
  }

  func worked(_ outcome: Outcome, _ time: Duration) {
    work.observe(time)
    outcomes[outcome]?.increment()
  }
}
