internal import Glibc

/// The value of the field `Date`, made at most once per second (RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`).
struct DateField {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private var second = Int.min
  private var text: [UInt8] = []

  /// The text for the wall clock's current second.
  mutating func current() -> [UInt8] {
    let now = time(nil)
    if now != second {
      second = now
      text = Self.text(secondsSinceEpoch: now)
    }
    return text
  }

  static func text(secondsSinceEpoch seconds: Int) -> [UInt8] {
    let day = seconds / 86_400
    let second = seconds % 86_400
    let (year, month, dayOfMonth) = civilDate(daysSinceEpoch: day)
    var text = Array("\(days[day % 7]), ".utf8)
    appendPadded(dayOfMonth, to: &text)
    text += Array(" \(months[month - 1]) \(year) ".utf8)
    for (index, part) in [second / 3600, second / 60 % 60, second % 60].enumerated() {
      if index > 0 { text.append(.colon) }
      appendPadded(part, to: &text)
    }
    return text + Array(" GMT".utf8)
  }

  /// The Gregorian date of a day since 1970, by walking over the years: at most a few hundred steps, once per second.
  private static func civilDate(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
    var year = 1970
    var rest = daysSinceEpoch
    while rest >= (isLeap(year) ? 366 : 365) {
      rest -= isLeap(year) ? 366 : 365
      year += 1
    }
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var month = 0
    while rest >= lengths[month] {
      rest -= lengths[month]
      month += 1
    }
    return (year, month + 1, rest + 1)
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func appendPadded(_ number: Int, to text: inout [UInt8]) {
    if number < 10 { text.append(48) }
    ResponseWriter.append(number, to: &text)
  }
}
