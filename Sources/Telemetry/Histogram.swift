/// Counts of observations by size, with their sum: how long reviews took, how large bodies were.
///
/// The bounds are fixed when the histogram is made, so an observation is a search among at most
/// ``HistogramBuckets/maximumCount`` numbers and two atomic additions: no lock, no allocation.
public final class Histogram: Sendable {
  /// The upper bounds of the buckets; the last bucket, which takes everything above them, is not listed.
  public let buckets: HistogramBuckets

  /// One per bound, then one for what exceeds them all.
  ///
  /// Not cumulative: the running totals are formed when they are printed.
  private let counts: [Counter]
  private let sum = AtomicDouble()

  /// Creates a histogram that belongs to no registry; `MetricRegistry.histogram` makes the exported ones.
  public init(buckets: HistogramBuckets) {
    self.buckets = buckets
    counts = (0...buckets.upperBounds.count).map { _ in Counter() }
  }

  /// Counts one observation in the unit of the metric's name, as a rule seconds or bytes.
  ///
  /// A value that is not a number would spoil the sum for good, so it is left out.
  public func observe(_ value: Double) {
    guard !value.isNaN else { return }
    counts[buckets.index(of: value)].increment()
    sum.add(value)
  }

  /// Counts one observation of a time, in seconds.
  public func observe(_ duration: Duration) {
    observe(duration / .seconds(1))
  }

  /// The counts at about this moment.
  ///
  /// The total is the sum of the buckets that were read, so a snapshot agrees with itself
  /// even while other threads observe.
  public func snapshot() -> HistogramSnapshot {
    HistogramSnapshot(upperBounds: buckets.upperBounds, counts: counts.map(\.value), sum: sum.load())
  }
}

/// What a histogram held when it was read.
public struct HistogramSnapshot: Sendable, Equatable {
  /// The finite upper bounds, ascending.
  public let upperBounds: [Double]
  /// Observations per bucket, not cumulative; one more than there are bounds.
  public let counts: [UInt64]
  /// The sum of all observations.
  public let sum: Double

  /// How many observations there were in all.
  public var count: UInt64 {
    counts.reduce(0, &+)
  }
}
