import Glibc

/// A moment of the calendar, to the nanosecond, as log lines and spans carry it.
public struct WallTime: Sendable, Hashable, Comparable {
  /// Whole seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int64
  /// Nanoseconds within the second: 0 to 999,999,999.
  public let nanoseconds: Int64

  /// Creates a moment; nanoseconds outside a second are a programmer's error.
  public init(seconds: Int64, nanoseconds: Int64 = 0) {
    precondition((0..<1_000_000_000).contains(nanoseconds), "nanoseconds are within a second")
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The moment now, by the machine's clock.
  public static func now() -> WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }

  /// Orders moments from early to late.
  public static func < (left: WallTime, right: WallTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// The moment in RFC 3339 form with nine digits of fraction, in UTC: `2026-01-31T08:05:09.000000042Z`.
  public var rfc3339: String {
    var bytes: [UInt8] = []
    appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends what ``rfc3339`` is, without making a string of it: every log line begins so.
  func appendRFC3339(to bytes: inout [UInt8]) {
    let (days, second) = Self.divideFloor(seconds, by: 86_400)
    let (year, month, day) = Self.civilDate(daysSince1970: days)
    let parts: [7 of (number: Int64, digits: Int, end: Unicode.Scalar)] = [
      (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (second / 3600, 2, ":"), (second / 60 % 60, 2, ":"),
      (second % 60, 2, "."), (nanoseconds, 9, "Z"),
    ]
    for index in parts.indices {
      Self.append(parts[index].number, digits: parts[index].digits, to: &bytes)
      bytes.append(UInt8(ascii: parts[index].end))
    }
  }

  /// The Gregorian date of a day.
  ///
  /// Counts in years that begin on the first of March, so that the leap day is a year's last, and in
  /// eras of 400 years, after which the calendar repeats (146,097 days).
  private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // 0000-03-01 is 719,468 days before 1970-01-01.
    let (era, dayOfEra) = divideFloor(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months from March on have 31, 30, 31, 30, 31 days and again: 153 days for five.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func divideFloor(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func append(_ number: Int64, digits: Int, to bytes: inout [UInt8]) {
    var scale: Int64 = 1
    for _ in 1..<digits { scale *= 10 }
    // RFC 3339 has the years 0 to 9999; no clock shows others.
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(max(0, number) / scale % 10))
      scale /= 10
    }
  }
}
