/// A buffer of places for players, on servers that each take several.
///
/// Servers show how many players they have by the label ``label``; one without it has none. Servers that are free or in use
/// (`None` or `Allocated`) take players; those that are marked, in maintenance or on their way out do not.
public struct PlayersRule: Sendable, Equatable {
  /// The label with the number of players; its prefix makes a label of a GameServer appear on the pod.
  public static let label = "gs-sync/players"
  /// The most players of one server, and the largest buffer.
  public static let limit = 1_000_000

  /// How many players a server takes (`playersPerServer`).
  public let perServer: Int
  /// How many places must be free (`playersBuffer`); one server's worth where it is not given.
  public let buffer: Int

  /// Reads both values.
  public init(perServer: String, buffer: String?) throws(TriggerError) {
    guard let count = Int(perServer), (1...Self.limit).contains(count) else {
      throw TriggerError("playersPerServer", perServer, "a whole number from 1 to \(Self.limit)")
    }
    guard let places = Int(buffer ?? perServer), (0...Self.limit).contains(places) else {
      throw TriggerError("playersBuffer", buffer ?? perServer, "a whole number from 0 to \(Self.limit)")
    }
    self.perServer = count
    self.buffer = places
  }

  /// How many servers must be free so that the buffer is there: those that are, and one for each server's worth missing.
  ///
  /// - Returns: 0 while there are places enough, so that the rule never keeps a server that it does not need.
  public func minimum(free: Int, freeSlots: Int) -> Int {
    guard freeSlots < buffer else { return 0 }
    return free + (buffer - freeSlots + perServer - 1) / perServer
  }
}
