internal import JSON

/// What the agent did and what it waits for, for people and for metrics.
struct AgentStatus: Sendable, Equatable {
  /// How a step ended last.
  enum Result: Sendable, Equatable {
    /// It has not been done yet.
    case none
    /// It worked.
    case succeeded
    /// It did not, for this reason.
    case failed(String)
  }

  /// The revision that readers see; nil before the first.
  var revision: String?
  /// The fingerprint of the source of the last publish.
  var source: String?
  /// How many files and bytes it holds.
  var files = 0
  var bytes = 0
  /// When the revision became current, in seconds since 1970.
  var publishedAt: Int?
  /// How long the last publish took.
  var publishDuration = Duration.zero
  /// How the last publish ended.
  var publish = Result.none
  /// How the last notification ended.
  var notification = Result.none
  /// How long the last notification took.
  var notificationDuration = Duration.zero
  /// How often the game was told of the current revision without success.
  var attempts = 0
  /// Whether the game has to be told yet.
  var isNotificationPending = false
  /// Whether a change waits for the gate to open.
  var isHeld = false
  /// The revision that an operator rolled back, until a newer one is published.
  var rejected: String?
  /// Counters since the start.
  var published = 0
  var unchanged = 0
  var publishFailures = 0
  var delivered = 0
  var deliveryFailures = 0

  /// The outcome in one word: `pending`, `held`, `failed`, `rolled-back` or `current`.
  var outcome: String {
    if case .failed = publish { return "failed" }
    if case .failed = notification, isNotificationPending { return "failed" }
    if revision == nil || isNotificationPending { return "pending" }
    if isHeld { return "held" }
    return rejected == nil ? "current" : "rolled-back"
  }

  /// The status as JSON, also for the termination message.
  var json: JSONValue {
    var value: JSONValue = ["outcome": .string(outcome)]
    value["revision"] = revision.map(JSONValue.string)
    value["source"] = source.map(JSONValue.string)
    value["files"] = .int(files)
    value["bytes"] = .int(bytes)
    value["publishedAt"] = publishedAt.map(JSONValue.int)
    value["publish"] = Self.json(publish, publishDuration)
    value["notification"] = Self.json(notification, notificationDuration)
    value["attempts"] = .int(attempts)
    value["held"] = .bool(isHeld)
    value["rejected"] = rejected.map(JSONValue.string)
    return value
  }

  /// The status within the 4,096 bytes that kubelet keeps of a termination message: two reasons at most, and about 1,000 bytes beside them.
  var terminationMessage: String { json.text }

  /// The most bytes of a reason in the JSON text.
  private static let reasonBytes = 1000

  private static func json(_ result: Result, _ duration: Duration) -> JSONValue {
    switch result {
    case .none: ["result": "none"]
    case .succeeded: ["result": "succeeded", "milliseconds": .int(duration.milliseconds)]
    case .failed(let reason):
      ["result": "failed", "reason": .string(shortened(reason)), "milliseconds": .int(duration.milliseconds)]
    }
  }

  /// Reasons quote file names and answers of games, which may be long and need escapes.
  private static func shortened(_ reason: String) -> String {
    var left = reasonBytes
    let scalars = reason.unicodeScalars.prefix { scalar in
      left -= JSONValue.string(String(scalar)).text.utf8.count - 2
      return left >= 0
    }
    return String(scalars)
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int {
    Int(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
