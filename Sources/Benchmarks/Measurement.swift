/// What one operation costs, as the median of several rounds, so that a busy moment of the machine does not count.
struct Measurement {
  /// How many rounds there are.
  private static let rounds = 9

  let title: String
  /// Time for one operation.
  let time: Duration
  /// Blocks taken from the heap by one operation.
  let allocations: Double
  /// Bytes asked for by one operation.
  let bytes: Double

  /// Runs an operation often.
  ///
  /// - Parameter iterations: operations in each round; the first round warms up and does not count.
  static func of(_ title: String, iterations: Int, _ operation: () throws -> Void) rethrows -> Measurement {
    for _ in 0..<iterations { try operation() }
    var times: [Duration] = []
    let (blocks, bytes) = (AllocationCounter.count, AllocationCounter.byteCount)
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      for _ in 0..<iterations { try operation() }
      times.append((.now - start) / iterations)
    }
    let total = Double(rounds * iterations)
    return Measurement(
      title: title, time: times.sorted()[rounds / 2], allocations: Double(AllocationCounter.count - blocks) / total,
      bytes: Double(AllocationCounter.byteCount - bytes) / total)
  }

  /// Microseconds with one decimal.
  var microseconds: String { Table.decimal(time / .microseconds(1)) }
}
