import Glibc

/// What one operation costs, as the median of several rounds, so that a busy moment of the machine does not count.
struct Measurement {
  /// How many rounds there are.
  private static let rounds = 9

  let title: String
  /// Time for one operation, as a clock on the wall shows it.
  let time: Duration
  /// CPU time for one operation, of all threads: what stays the same when other programs want the processors too.
  let cpu: Duration
  /// Blocks taken from the heap by one operation.
  let allocations: Double
  /// Bytes asked for by one operation.
  let bytes: Double

  /// Runs an operation often.
  ///
  /// - Parameter iterations: operations in each round; the first round warms up and does not count.
  static func of(_ title: String, iterations: Int, _ operation: () throws -> Void) rethrows -> Measurement {
    for _ in 0..<iterations { try operation() }
    var (times, cpus): ([Duration], [Duration]) = ([], [])
    let (blocks, bytes) = (AllocationCounter.count, AllocationCounter.byteCount)
    for _ in 0..<rounds {
      let (start, cpuStart) = (ContinuousClock.now, processTime())
      for _ in 0..<iterations { try operation() }
      times.append((.now - start) / iterations)
      cpus.append((processTime() - cpuStart) / iterations)
    }
    let total = Double(rounds * iterations)
    return Measurement(
      title: title, time: times.sorted()[rounds / 2], cpu: cpus.sorted()[rounds / 2],
      allocations: Double(AllocationCounter.count - blocks) / total,
      bytes: Double(AllocationCounter.byteCount - bytes) / total)
  }

  private static func processTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// The cells of a table, microseconds first.
  var cells: [String] {
    [
      title, Table.decimal(time / .microseconds(1)), Table.decimal(cpu / .microseconds(1)), Table.decimal(allocations),
      Table.decimal(bytes),
    ]
  }
}
