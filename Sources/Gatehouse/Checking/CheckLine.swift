import JSON

/// One thing that was looked at in a cluster, and what to do about it.
struct CheckLine: Sendable, Equatable {
  /// What the look came to.
  enum Verdict: String, Sendable {
    /// In order.
    case passed
    /// It works, or it cannot be told; somebody should know.
    case warned
    /// The product does not work like this.
    case failed
  }

  /// What was looked at, in a word or two.
  let area: String
  /// What the look came to.
  let verdict: Verdict
  /// What was found.
  let message: String
  /// What to do; nil where nothing has to be done.
  let advice: String?

  /// In order.
  static func passed(_ area: String, _ message: String) -> CheckLine {
    CheckLine(area: area, verdict: .passed, message: message, advice: nil)
  }

  /// Worth knowing.
  static func warned(_ area: String, _ message: String, _ advice: String) -> CheckLine {
    CheckLine(area: area, verdict: .warned, message: message, advice: advice)
  }

  /// In the way.
  static func failed(_ area: String, _ message: String, _ advice: String) -> CheckLine {
    CheckLine(area: area, verdict: .failed, message: message, advice: advice)
  }

  /// For people: the verdict, the area, what was found, and below it what to do.
  var text: String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let line = "\(padded(verdict.rawValue, 6))  \(padded(area, 12))  \(message)"
    return advice.map { "\(line)\n\(String(repeating: " ", count: 22))\($0)" } ?? line
  }

  /// For programs.
  var value: JSONValue {
    [
      "area": .string(area), "verdict": .string(verdict.rawValue), "message": .string(message),
      "advice": advice.map(JSONValue.string) ?? .null,
    ]
  }
}
