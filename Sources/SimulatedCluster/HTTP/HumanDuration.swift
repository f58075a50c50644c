import Kubernetes

/// Ages as `kubectl` shows them: `45s`, `3m20s`, `2d4h` (apimachinery, `duration.HumanDuration`).
enum HumanDuration {
  static func text(since text: String, now: Timestamp) -> String {
    guard let moment = Timestamp(text) else { return "<unknown>" }
    return self.text(seconds: Int((now - moment).components.seconds))
  }

  static func text(seconds: Int) -> String {
    guard seconds >= -1 else { return "<invalid>" }
    guard seconds >= 0 else { return "0s" }
    let (minutes, hours, days, years) = (seconds / 60, seconds / 3600, seconds / 86_400, seconds / 31_536_000)
    func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
      small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
    return if seconds < 120 {
      "\(seconds)s"
    } else if minutes < 10 {
      pair(minutes, "m", seconds % 60, "s")
    } else if minutes < 180 {
      "\(minutes)m"
    } else if hours < 8 {
      pair(hours, "h", minutes % 60, "m")
    } else if hours < 48 {
      "\(hours)h"
    } else if hours < 192 {
      pair(days, "d", hours % 24, "h")
    } else if days < 730 {
      "\(days)d"
    } else if years < 8 {
      pair(years, "y", days % 365, "d")
    } else {
      "\(years)y"
    }
  }
}
