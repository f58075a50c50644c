import Synchronization

/// A floating-point number that many threads read and change without a lock.
///
/// Every access is relaxed: a metric promises no order between itself and other memory, only that no change is lost.
struct AtomicDouble: ~Copyable, Sendable {
  private let bits: Atomic<UInt64>

  init(_ value: Double = 0) {
    bits = Atomic(value.bitPattern)
  }

  func load() -> Double {
    Double(bitPattern: bits.load(ordering: .relaxed))
  }

  func store(_ value: Double) {
    bits.store(value.bitPattern, ordering: .relaxed)
  }

  /// Adds `amount`; the loop ends because a failed exchange means that another thread's succeeded.
  func add(_ amount: Double) {
    var seen = bits.load(ordering: .relaxed)
    while true {
      let sum = Double(bitPattern: seen) + amount
      let (exchanged, original) = bits.weakCompareExchange(
        expected: seen, desired: sum.bitPattern, ordering: .relaxed)
      if exchanged { return }
      seen = original
    }
  }
}
