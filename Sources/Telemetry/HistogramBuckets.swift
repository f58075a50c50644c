/// The upper bounds of a histogram's buckets.
public struct HistogramBuckets: Sendable, Equatable {
  /// Each bucket is a time series of its own at the collector, so 64 is already generous.
  public static let maximumCount = 64

  /// Ascending, finite, at least one.
  public let upperBounds: [Double]

  /// Creates buckets; bounds that are empty, too many, not finite or not ascending are a programmer's error.
  public init(_ upperBounds: [Double]) {
    precondition((1...Self.maximumCount).contains(upperBounds.count), "a histogram has 1 to 64 bounds")
    precondition(upperBounds.allSatisfy(\.isFinite), "bounds of a histogram are finite")
    precondition(zip(upperBounds, upperBounds.dropFirst()).allSatisfy(<), "bounds of a histogram ascend")
    self.upperBounds = upperBounds
  }

  /// Seconds of one request: 25 µs, below what a decision takes, to 10 s, the longest deadline of a webhook.
  public static let request = HistogramBuckets([
    0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    5, 10,
  ])

  /// Seconds of a step of a controller: 1 ms, one call to a near API server, to 10 minutes, a slow load balancer.
  public static let control = HistogramBuckets([
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
  ])

  /// Bytes of a message: 256 to 16 MiB in steps of four, around the limit of a review's body.
  public static let size = HistogramBuckets((0...8).map { Double(256 << (2 * $0)) })

  /// The bucket that takes `value`: the first whose bound is not below it, else the one past the last bound.
  func index(of value: Double) -> Int {
    var low = 0
    var high = upperBounds.count
    while low < high {
      let middle = (low + high) / 2
      if value <= upperBounds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
