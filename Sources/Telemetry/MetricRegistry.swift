import Synchronization

/// The metrics of the process: instruments that were registered, and callbacks that read the rest when asked.
///
/// The registry's lock is taken to register and to collect, never to count: callers keep the instrument they got.
public final class MetricRegistry: Sendable {
  /// Reads numbers that live elsewhere into a collection; runs on the thread that serves the metrics.
  public typealias Collector = @Sendable (inout MetricCollection) -> Void

  private enum Instrument {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)
  }

  private struct Series: Hashable {
    let name: MetricName
    let labels: LabelSet
  }

  private struct Registration {
    let help: String
    let instrument: Instrument
  }

  private struct State {
    var registrations: [Series: Registration] = [:]
    var collectors: [Collector] = []
  }

  private let state = Mutex(State())

  /// Creates a registry without metrics.
  public init() {}

  /// The counter of that name and labels; asked again, the same one.
  public func counter(_ name: MetricName, help: String, labels: LabelSet = .none) -> Counter {
    let registered = register(name, help: help, labels: labels) { .counter(Counter()) }
    guard case .counter(let counter) = registered else { Self.refuse(name) }
    return counter
  }

  /// The gauge of that name and labels; asked again, the same one.
  public func gauge(_ name: MetricName, help: String, labels: LabelSet = .none) -> Gauge {
    let registered = register(name, help: help, labels: labels) { .gauge(Gauge()) }
    guard case .gauge(let gauge) = registered else { Self.refuse(name) }
    return gauge
  }

  /// The histogram of that name and labels; asked again, the same one with the buckets it was first given.
  public func histogram(
    _ name: MetricName, help: String, labels: LabelSet = .none, buckets: HistogramBuckets = .request
  ) -> Histogram {
    let registered = register(name, help: help, labels: labels) { .histogram(Histogram(buckets: buckets)) }
    guard case .histogram(let histogram) = registered else { Self.refuse(name) }
    return histogram
  }

  /// Calls `collector` at every collection, in the order of registration.
  public func onCollect(_ collector: @escaping Collector) {
    state.withLock { $0.collectors.append(collector) }
  }

  /// Reads every metric.
  public func collect() -> MetricCollection {
    let (registrations, collectors) = state.withLock { ($0.registrations, $0.collectors) }
    var collection = MetricCollection()
    for (series, registration) in registrations {
      let (kind, value) = Self.read(registration.instrument)
      collection.add(series.name, help: registration.help, kind, labels: series.labels, value)
    }
    // Outside the lock: a collector may register what it finds missing.
    for collector in collectors { collector(&collection) }
    collection.gauge(
      "gatehouse_metrics_dropped_samples", help: "Samples that this answer had no room for or that clashed in kind.",
      Double(collection.dropped))
    return collection
  }

  private func register(
    _ name: MetricName, help: String, labels: LabelSet, make: () -> Instrument
  ) -> Instrument {
    state.withLock { state in
      let series = Series(name: name, labels: labels)
      if let known = state.registrations[series] { return known.instrument }
      let made = make()
      state.registrations[series] = Registration(help: help, instrument: made)
      return made
    }
  }

  private static func read(_ instrument: Instrument) -> (MetricCollection.Kind, MetricCollection.Value) {
    switch instrument {
    case .counter(let counter): (.counter, .count(counter.value))
    case .gauge(let gauge): (.gauge, .number(gauge.value))
    case .histogram(let histogram): (.histogram, .histogram(histogram.snapshot()))
    }
  }

  private static func refuse(_ name: MetricName) -> Never {
    preconditionFailure("\(name) is registered as another kind of metric")
  }
}
