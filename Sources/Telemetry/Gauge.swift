/// A number that goes up and down: connections open, seconds until a certificate ends.
public final class Gauge: Sendable {
  private let number = AtomicDouble()

  /// Creates a gauge of zero that belongs to no registry; `MetricRegistry.gauge` makes the exported ones.
  public init() {}

  /// The number now.
  public var value: Double {
    number.load()
  }

  /// Replaces the number.
  public func set(_ value: Double) {
    number.store(value)
  }

  /// Adds `amount`, which may be negative; no concurrent addition is lost.
  public func add(_ amount: Double) {
    number.add(amount)
  }
}
