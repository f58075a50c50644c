public import Kubernetes

/// Windows of the week with an availability of their own, as the metadata key `schedule` gives them.
///
/// Windows are separated by `;`. Each is `[DAYS] HH:MM-HH:MM [minAvailable=…] [maxAvailable=…]`, where DAYS is a list such as
/// `Mon-Fri` or `Sat,Sun` and every day when left out. A window that ends at or before its start goes on until the next day.
/// The first window that is open decides; what it leaves out stays as outside of windows.
public struct Schedule: Sendable, Equatable {
  /// The most windows: four for each day of the week, and a few.
  public static let windowLimit = 32

  /// The windows in their order.
  public let windows: [ScheduleWindow]
  /// Seconds to add to UTC for the windows' clock.
  public let offset: Int

  /// Reads windows and the clock that they are meant by: `scheduleOffset` is `Z` or a fixed offset such as `+08:00`.
  public init(_ text: String, offset: String?) throws(TriggerError) {
    let parts = text.split(separator: ";").map { String($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
    guard !parts.isEmpty, parts.count <= Self.windowLimit else {
      throw TriggerError("schedule", text, "1 to \(Self.windowLimit) windows, separated by semicolons")
    }
    var windows: [ScheduleWindow] = []
    for part in parts { windows.append(try ScheduleWindow(part)) }
    self.windows = windows
    self.offset = try Self.seconds(of: offset ?? "Z")
  }

  /// The first window that is open at a moment.
  public func window(at time: Timestamp) -> ScheduleWindow? {
    let local = time.seconds + offset
    let day = Int((Double(local) / 86_400).rounded(.down))
    let minute = (local - day * 86_400) / 60
    // 1970 began on a Thursday, the fourth day of the week.
    let weekday = ((day + 3) % 7 + 7) % 7
    return windows.first { $0.isOpen(weekday: weekday, minute: minute) }
  }

  private static func seconds(of text: String) throws(TriggerError) -> Int {
    if text == "Z" || text == "UTC" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-", let minutes = minutes(of: text.dropFirst()),
      minutes <= 14 * 60
    else { throw TriggerError("scheduleOffset", text, "Z, or an offset from UTC such as +08:00") }
    return (sign == "-" ? -minutes : minutes) * 60
  }

  /// Minutes since midnight of `HH:MM`, where 24:00 is the end of the day.
  static func minutes(of text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isASCIIDigit) }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 24 * 60
    else { return nil }
    return hours * 60 + minutes
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
