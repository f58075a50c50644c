public import Telemetry

/// How many reviews of a path were answered in which way, and how long they took.
///
/// The instruments are looked up once; counting is a few atomic instructions.
public struct AdmissionStatistics: Sendable {
  private let answers: [Counter]
  private let seconds: Histogram

  /// The instruments of a path in a registry.
  public init(_ registry: MetricRegistry, path: String) {
    answers = AdmissionAnswer.Outcome.allCases.map {
      registry.counter(
        "gatehouse_admission_reviews_total", help: "Admission reviews by path and outcome.",
        labels: ["path": path, "outcome": $0.rawValue])
    }
    seconds = registry.histogram(
      "gatehouse_admission_review_seconds",
      help: "Time from the first byte of a review to its answer, slow clients included.",
      labels: ["path": path])
  }

  /// Counts one answer.
  func count(_ answer: AdmissionAnswer, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
    answers[answer.outcome.index].increment()
    seconds.observe(end - start)
  }
}

extension AdmissionAnswer.Outcome {
  /// The place among all cases.
  fileprivate var index: Int {
    switch self {
    case .allowed: 0
    case .patched: 1
    case .denied: 2
    case .malformed: 3
    case .unavailable: 4
    }
  }
}
