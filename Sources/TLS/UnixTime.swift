internal import Glibc

/// A moment of civil time in whole seconds since 1970-01-01T00:00:00Z: what certificates count in.
public struct UnixTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since the epoch; negative before it.
  public let seconds: Int64

  /// Wraps a number of seconds since the epoch.
  public init(seconds: Int64) {
    self.seconds = seconds
  }

  /// The wall clock's time.
  public static var now: UnixTime { UnixTime(seconds: Int64(time(nil))) }

  /// Whether the left moment is earlier.
  public static func < (left: UnixTime, right: UnixTime) -> Bool {
    left.seconds < right.seconds
  }

  /// The moment so much later, in whole seconds.
  public static func + (time: UnixTime, duration: Duration) -> UnixTime {
    UnixTime(seconds: time.seconds + duration.components.seconds)
  }

  /// The moment so much earlier, in whole seconds.
  public static func - (time: UnixTime, duration: Duration) -> UnixTime {
    UnixTime(seconds: time.seconds - duration.components.seconds)
  }

  /// The time from `earlier` to this moment.
  public func since(_ earlier: UnixTime) -> Duration {
    .seconds(seconds - earlier.seconds)
  }

  /// RFC 3339 in UTC, such as `2026-07-01T12:00:00Z`.
  public var description: String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - days * 86_400
    let (year, month, day) = Self.civilDate(daysSinceEpoch: days)
    let date = [year, month, day].map(Self.padded).joined(separator: "-")
    let clock = [second / 3600, second / 60 % 60, second % 60].map(Self.padded).joined(separator: ":")
    return "\(date)T\(clock)Z"
  }

  /// The Gregorian date of a day number, counted in eras of 400 years that begin on the first of March: leap days then
  /// come last, and no month needs a special case.
  private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let days = daysSinceEpoch + 719_468  // from 0000-03-01 to 1970-01-01
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func padded(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
