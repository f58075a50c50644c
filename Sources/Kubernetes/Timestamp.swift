import Glibc

/// A moment of wall-clock time, as API objects write it (RFC 3339), with nanoseconds where they matter.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Whole seconds since 1970 began, UTC.
  public let seconds: Int
  /// Nanoseconds of the running second.
  public let nanoseconds: Int

  /// A moment from seconds since 1970 began, UTC.
  public init(seconds: Int, nanoseconds: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The moment at which this is called.
  public static func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// Orders by time.
  public static func < (one: Timestamp, other: Timestamp) -> Bool {
    (one.seconds, one.nanoseconds) < (other.seconds, other.nanoseconds)
  }

  /// The moment that much later.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = time.nanoseconds + Int(attoseconds / 1_000_000_000)
    let carry = nanoseconds >= 1_000_000_000 ? 1 : nanoseconds < 0 ? -1 : 0
    return Timestamp(
      seconds: time.seconds + Int(seconds) + carry, nanoseconds: nanoseconds - carry * 1_000_000_000)
  }

  /// The time from the other moment to this one.
  public static func - (one: Timestamp, other: Timestamp) -> Duration {
    .seconds(one.seconds - other.seconds) + .nanoseconds(one.nanoseconds - other.nanoseconds)
  }
}

extension Timestamp {
  /// `2026-01-31T12:00:00Z`, as `metav1.Time` is written.
  public var description: String {
    let (days, rest) = seconds.quotientAndRemainderFloored(dividingBy: 86_400)
    let (year, month, day) = Timestamp.civil(fromDays: days)
    let time = "\(pad(rest / 3600)):\(pad(rest / 60 % 60)):\(pad(rest % 60))"
    return "\(pad(year, 4))-\(pad(month))-\(pad(day))T\(time)Z"
  }

  /// `2026-01-31T12:00:00.000000Z`, as `metav1.MicroTime` is written in leases.
  public var microTime: String { "\(description.dropLast()).\(pad(nanoseconds / 1000, 6))Z" }

  /// Reads RFC 3339: a date, `T`, a time with up to nine decimals, and `Z` or an offset; nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      guard bytes.count >= range.upperBound else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    func has(_ place: Int, _ character: Unicode.Scalar) -> Bool { bytes[place] == UInt8(ascii: character) }
    guard has(4, "-"), has(7, "-"), has(10, "T") || has(10, "t"), has(13, ":"), has(16, ":"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), 1...12 ~= month,
      1...Timestamp.days(inMonth: month, ofYear: year) ~= day, hour < 24, minute < 60, second <= 60
    else { return nil }
    var place = 19
    var nanoseconds = 0
    if has(place, ".") {
      var end = place + 1
      while end < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[end] { end += 1 }
      guard end - place - 1 > 0, end - place - 1 <= 9, let fraction = number(place + 1..<end) else { return nil }
      nanoseconds = fraction
      for _ in 0..<9 - (end - place - 1) { nanoseconds *= 10 }
      place = end
    }
    guard let offset = Timestamp.offset(bytes[place...], number) else { return nil }
    let days = Timestamp.days(fromYear: year, month: month, day: day)
    self.init(seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds: nanoseconds)
  }

  /// The seconds east of UTC that `Z` or `±hh:mm` means.
  private static func offset(_ bytes: ArraySlice<UInt8>, _ number: (Range<Int>) -> Int?) -> Int? {
    guard let sign = bytes.first else { return nil }
    if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
    let start = bytes.startIndex
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6,
      bytes[start + 3] == UInt8(ascii: ":"),
      let hours = number(start + 1..<start + 3), let minutes = number(start + 4..<start + 6), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  private func pad(_ value: Int, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01.
  ///
  /// Years are counted from March, so that the leap day is the last of its year, in eras of 400 years, which all have 146,097 days.
  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func days(fromYear year: Int, month: Int, day: Int) -> Int {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).quotientAndRemainderFloored(dividingBy: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func days(inMonth month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int {
  /// Division that rounds down, so that the remainder is never negative.
  fileprivate func quotientAndRemainderFloored(dividingBy divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
