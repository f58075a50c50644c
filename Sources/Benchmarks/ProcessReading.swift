import Glibc

/// What the process had used at a moment.
struct ProcessReading {
  let instant: ContinuousClock.Instant
  let cpu: Duration
  /// Resident memory in bytes.
  let resident: Int

  static var now: ProcessReading {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return ProcessReading(
      instant: .now, cpu: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec), resident: residentBytes())
  }

  private static func residentBytes() -> Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, 128, file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }
}
