import Synchronization

/// A number of events since the start of the process; it never goes down.
///
/// Adding is one relaxed atomic instruction, so it may stand on the path of every request.
/// At a million events a second it would wrap after half a million years.
public final class Counter: Sendable {
  private let total = Atomic<UInt64>(0)

  /// Creates a counter that belongs to no registry; `MetricRegistry.counter` makes the exported ones.
  public init() {}

  /// How many events were counted.
  public var value: UInt64 {
    total.load(ordering: .relaxed)
  }

  /// Counts one event, or `amount` of them.
  public func increment(by amount: UInt64 = 1) {
    total.wrappingAdd(amount, ordering: .relaxed)
  }
}
