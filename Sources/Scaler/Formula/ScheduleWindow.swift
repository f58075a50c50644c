/// One window of a schedule.
public struct ScheduleWindow: Sendable, Equatable {
  private static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// The days on which the window begins, Monday is 0.
  public let days: Set<Int>
  /// The minute of the day at which it begins.
  public let start: Int
  /// The minute of the day at which it ends; of the next day where that is not after the start.
  public let end: Int
  /// The availability while it is open; nil leaves the trigger's own.
  public let minAvailable: Availability?
  /// The limit while it is open; nil leaves the trigger's own.
  public let maxAvailable: Int?
  /// The window as it was written.
  public let text: String

  /// Reads `[DAYS] HH:MM-HH:MM [minAvailable=…] [maxAvailable=…]`.
  public init(_ text: String) throws(TriggerError) {
    var words = text.split(whereSeparator: \.isWhitespace)[...]
    self.text = words.joined(separator: " ")
    let hasDays = words.first?.first?.isLetter ?? false
    days = hasDays ? try Self.days(words.removeFirst(), text) : Set(0...6)
    guard let span = words.popFirst(), let (start, end) = Self.span(span) else {
      throw TriggerError("schedule", text, "a window such as Mon-Fri 18:00-23:00 minAvailable=20")
    }
    self.start = start
    self.end = end
    var minimum: Availability?
    var maximum: Int?
    for word in words {
      let (key, value) = try Self.setting(word, text)
      switch key {
      case "minAvailable": minimum = try Availability(value, key: "schedule, minAvailable")
      case "maxAvailable": maximum = try Self.maximum(value)
      default: throw TriggerError("schedule", text, "minAvailable=… or maxAvailable=… after the times")
      }
    }
    guard minimum != nil || maximum != nil else {
      throw TriggerError("schedule", text, "minAvailable=… or maxAvailable=… after the times")
    }
    minAvailable = minimum
    maxAvailable = maximum
  }

  /// Whether the window is open in a minute of a day, Monday is 0.
  public func isOpen(weekday: Int, minute: Int) -> Bool {
    if start < end { return days.contains(weekday) && (start..<end).contains(minute) }
    return days.contains(weekday) && minute >= start || days.contains((weekday + 6) % 7) && minute < end
  }

  private static func days(_ word: Substring, _ text: String) throws(TriggerError) -> Set<Int> {
    var days: Set<Int> = []
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        dayNames.firstIndex(of: String($0))
      }
      guard let first = ends.first, let first, let last = ends.last, let last, ends.count <= 2 else {
        throw TriggerError("schedule", text, "days such as Mon-Fri or Sat,Sun")
      }
      // A range may pass the end of the week, such as Sat-Mon.
      let count = (last - first + 7) % 7
      for step in 0...count { days.insert((first + step) % 7) }
    }
    return days
  }

  private static func span(_ word: Substring) -> (start: Int, end: Int)? {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Schedule.minutes(of: parts[0]), let end = Schedule.minutes(of: parts[1]),
      start < 24 * 60
    else { return nil }
    return (start, end)
  }

  private static func setting(_ word: Substring, _ text: String) throws(TriggerError) -> (String, String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw TriggerError("schedule", text, "minAvailable=… or maxAvailable=…") }
    return (String(parts[0]), String(parts[1]))
  }

  private static func maximum(_ value: String) throws(TriggerError) -> Int {
    guard let number = Int(value), (0...Availability.limit).contains(number) else {
      throw TriggerError("schedule, maxAvailable", value, "a number of servers")
    }
    return number
  }
}
