import Synchronization

/// The series of one metric whose label values are known only at run time, bounded in number.
///
/// A label that a client can choose would otherwise let that client fill the memory of this process and of the
/// collector. Past the limit every new combination of values shares one series, whose values all read `other`.
public final class LabeledMetrics<Metric: AnyObject & Sendable>: Sendable {
  /// What the labels of the shared series read.
  public static var overflowValue: String { "other" }

  private let names: [String]
  private let limit: Int
  private let make: @Sendable (LabelSet) -> Metric
  private let known = Mutex<[[String]: Metric]>([:])

  init(names: [String], limit: Int, make: @escaping @Sendable (LabelSet) -> Metric) {
    precondition(limit > 0, "at least one series")
    self.names = names
    self.limit = limit
    self.make = make
  }

  /// The series with these values, in the order of the label names.
  ///
  /// Takes a lock; a hot path keeps what it got.
  public func with(_ values: String...) -> Metric {
    known.withLock { known in
      if let metric = known[values] { return metric }
      guard known.count < limit else { return overflow(&known) }
      let metric = make(LabelSet(names: names, values: values))
      known[values] = metric
      return metric
    }
  }

  private func overflow(_ known: inout [[String]: Metric]) -> Metric {
    let values = [String](repeating: Self.overflowValue, count: names.count)
    if let shared = known[values] { return shared }
    let shared = make(LabelSet(names: names, values: values))
    known[values] = shared
    return shared
  }
}

extension MetricRegistry {
  /// Counters told apart by labels; 200 series leave room for every path, status and reason of this product.
  public func counters(
    _ name: MetricName, help: String, labelNames: [String], limit: Int = 200
  ) -> LabeledMetrics<Counter> {
    LabeledMetrics(names: labelNames, limit: limit) { [self] labels in counter(name, help: help, labels: labels) }
  }

  /// Histograms told apart by labels; fewer, because each is a series per bucket.
  public func histograms(
    _ name: MetricName, help: String, labelNames: [String], buckets: HistogramBuckets = .request, limit: Int = 50
  ) -> LabeledMetrics<Histogram> {
    LabeledMetrics(names: labelNames, limit: limit) { [self] labels in
      histogram(name, help: help, labels: labels, buckets: buckets)
    }
  }
}
