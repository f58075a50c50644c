/// What a ScaledObject asks of the scaler: the metadata of its trigger, checked.
///
/// Keys that the scaler does not know (`scalerAddress` and others of KEDA's own) are left alone.
public struct Trigger: Sendable, Equatable {
  /// The name of the set (`gameServerSet`); nil where it is the ScaledObject's own.
  public let setName: String?
  /// How many servers must be free (`minAvailable`).
  public let minAvailable: Availability
  /// How many servers may be free (`maxAvailable`); nil for any number.
  public let maxAvailable: Int?
  /// Windows with an availability of their own (`schedule`, `scheduleOffset`).
  public let schedule: Schedule?
  /// A buffer of places for players (`playersPerServer`, `playersBuffer`).
  public let players: PlayersRule?
  /// Whether a free server that nobody can use does not count as free (`readyOnly`).
  public let readyOnly: Bool
  /// What of the metadata was left out, in words; OpenKruiseGame ignores an unreadable `maxAvailable`, so it is here too.
  public let notes: [String]

  /// Reads the metadata; an empty value counts as absent.
  /// - Throws: A `TriggerError` for the first value that cannot be used.
  public init(_ metadata: [String: String]) throws(TriggerError) {
    func value(_ key: String) -> String? { metadata[key].flatMap { $0.isEmpty ? nil : $0 } }
    setName = try value("gameServerSet").map { name throws(TriggerError) in try Self.name(name) }
    let minimum = try value("minAvailable").map { text throws(TriggerError) in
      try Availability(text, key: "minAvailable")
    }
    minAvailable = minimum ?? .servers(0)
    (maxAvailable, notes) = Self.maximum(value("maxAvailable"))
    schedule = try value("schedule").map { text throws(TriggerError) in
      try Schedule(text, offset: value("scheduleOffset"))
    }
    players = try value("playersPerServer").map { text throws(TriggerError) in
      try PlayersRule(perServer: text, buffer: value("playersBuffer"))
    }
    readyOnly = try Self.flag("readyOnly", value("readyOnly"))
  }

  private static func name(_ text: String) throws(TriggerError) -> String {
    // The namespace stays the ScaledObject's: who may write there may not scale what is elsewhere.
    guard !text.contains("/"), text.utf8.count <= 253 else {
      throw TriggerError("gameServerSet", text, "the name of a GameServerSet in the ScaledObject's namespace")
    }
    return text
  }

  private static func maximum(_ text: String?) -> (Int?, [String]) {
    guard let text else { return (nil, []) }
    guard let number = Int(text), (0...Availability.limit).contains(number) else {
      return (nil, ["maxAvailable: \"\(text.prefix(80))\" is no number of servers, so there is no limit"])
    }
    return (number, [])
  }

  private static func flag(_ key: String, _ text: String?) throws(TriggerError) -> Bool {
    switch text {
    case nil, "false": return false
    case "true": return true
    case .some(let other): throw TriggerError(key, other, "true or false")
    }
  }
}
