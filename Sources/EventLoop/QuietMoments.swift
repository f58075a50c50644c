internal import Glibc

/// Finds the moments in which a process that worked has little to do: those to give memory back in.
public struct QuietMoments: Sendable {
  /// The time between two looks.
  public static let interval = Duration.seconds(2)
  /// The processor time between two looks below which a moment is quiet: 1 percent of one processor, several times what watches and
  /// the lease take in peace.
  static let quiet = Duration.milliseconds(20)
  /// The work after which giving back is worth its few milliseconds again.
  static let worthwhile = Duration.milliseconds(200)

  private var last: Duration
  private var work: Duration

  /// Begins to look; the first quiet moment counts, because the start was work.
  ///
  /// - Parameter cpu: The processor time that the process took so far.
  public init(cpu: Duration) {
    last = cpu
    work = Self.worthwhile
  }

  /// Whether this moment is one; to be asked once in each ``interval``.
  public mutating func isNow(cpu: Duration) -> Bool {
    let used = cpu - last
    last = cpu
    work += used
    guard used < Self.quiet, work >= Self.worthwhile else { return false }
    work = .zero
    return true
  }

  /// The processor time that this process took so far, all threads together.
  public static func processTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
