import Kubernetes
import Scaler
import Testing

@Suite("Scaling decision")
struct DecisionTests {
  private static let noon = Timestamp(seconds: 1_800_000_000)

  private static func decide(
    _ metadata: [String: String], replicas: Int, current: Int? = nil, _ counts: ServerCounts, freeSlots: Int = 0
  ) throws -> ScalingDecision {
    let set = SetFacts(replicas: replicas, currentReplicas: current)
    let snapshot = SetSnapshot(set: set, counts: counts, freeSlots: freeSlots)
    return ScalingDecision(try Trigger(metadata), snapshot, at: noon)
  }

  @Test(
    "computes the minimum of the contract's table",
    arguments: [
      (10, 5, "0.5", 0), (10, 2, "0.5", 8), (5, 1, "0.8", 16), (19, 9, "0.5", 10), (2, 0, "0.5", 2),
      (100, 10, "0.2", 23), (0, 0, "0.5", 0), (10, 2, "3.1", 4), (10, 2, "50%", 8), (10, 2, "", 0),
    ])
  func minimum(total: Int, none: Int, text: String, expected: Int) throws {
    let decision = try Self.decide(
      ["minAvailable": text], replicas: total, ServerCounts(total: total, none: none))
    #expect(decision.minAvailable == expected)
  }

  struct Row: Sendable {
    let replicas, none, waiting, min: Int
    let max: Int?
    let value: Int
  }

  @Test(
    "computes the value of the contract's table",
    arguments: [
      Row(replicas: 1, none: 1, waiting: 0, min: 3, max: nil, value: 3),
      Row(replicas: 5, none: 3, waiting: 2, min: 0, max: nil, value: 3),
      Row(replicas: 5, none: 1, waiting: 2, min: 3, max: nil, value: 7),
      Row(replicas: 5, none: 5, waiting: 0, min: 0, max: 3, value: 3),
      Row(replicas: 5, none: 4, waiting: 1, min: 0, max: 3, value: 4),
      Row(replicas: 5, none: 2, waiting: 0, min: 0, max: 3, value: 5),
      // A minimum above the maximum comes down to it.
      Row(replicas: 5, none: 1, waiting: 0, min: 9, max: 3, value: 7),
      Row(replicas: 5, none: 4, waiting: 0, min: 9, max: 3, value: 4),
      // Fewer are wanted than are still there.
      Row(replicas: 1, none: 0, waiting: 3, min: 0, max: nil, value: 0),
      Row(replicas: 0, none: 0, waiting: 0, min: 2, max: nil, value: 2),
    ])
  func value(row: Row) throws {
    var metadata = ["minAvailable": "\(row.min)"]
    metadata["maxAvailable"] = row.max.map { "\($0)" }
    let counts = ServerCounts(total: row.replicas, none: row.none, waiting: row.waiting)
    let decision = try Self.decide(metadata, replicas: row.replicas, counts)
    #expect(decision.value == row.value)
    #expect(decision.explanation.last?.hasSuffix("\(row.value)") == true)
  }

  @Test("does not ask again for servers that are asked for and not there yet")
  func comingServers() throws {
    let counts = ServerCounts(total: 1, none: 1)
    let first = try Self.decide(["minAvailable": "3"], replicas: 1, current: 1, counts)
    let again = try Self.decide(["minAvailable": "3"], replicas: 3, current: 1, counts)
    #expect(first.value == 3)
    #expect(again.value == 3)
    #expect(again.coming == 2)
  }

  @Test(
    "counts servers that nobody can use as free unless readyOnly asks otherwise",
    arguments: [("false", 5), ("true", 7)])
  func readyOnly(flag: String, value: Int) throws {
    let counts = ServerCounts(total: 5, none: 3, unusable: 2)
    #expect(try Self.decide(["minAvailable": "3", "readyOnly": flag], replicas: 5, counts).value == value)
  }

  @Test(
    "keeps a buffer of places for players",
    arguments: [
      // Servers of 10: free servers, free places, buffer, wanted replicas of 5.
      (2, 20, "20", 5), (2, 19, "20", 6), (0, 0, "20", 7), (1, 9, "20", 7), (0, 35, "20", 5), (0, 0, "0", 5),
    ])
  func players(none: Int, slots: Int, buffer: String, value: Int) throws {
    let decision = try Self.decide(
      ["playersPerServer": "10", "playersBuffer": buffer], replicas: 5, ServerCounts(total: 5, none: none),
      freeSlots: slots)
    #expect(decision.value == value)
  }

  @Test("takes the larger of both minimums, and no more than may be free")
  func bothMinimums() throws {
    let metadata = ["playersPerServer": "10", "playersBuffer": "100", "minAvailable": "3", "maxAvailable": "5"]
    let decision = try Self.decide(metadata, replicas: 2, ServerCounts(total: 2, none: 0))
    #expect(decision.playersMinimum == 10)
    #expect(decision.minimum == 5)
    #expect(decision.value == 7)
  }

  @Test(
    "is active for a minimum, a buffer, or servers that stay",
    arguments: [
      (["minAvailable": "1"], 0, 0, true), (["minAvailable": "0.1"], 0, 0, true), ([:], 0, 0, false),
      ([:], 3, 3, false), ([:], 3, 2, true), (["minAvailable": "0"], 1, 0, true),
      (["playersPerServer": "10"], 0, 0, true), (["playersPerServer": "10", "playersBuffer": "0"], 0, 0, false),
    ] as [([String: String], Int, Int, Bool)])
  func activity(metadata: [String: String], current: Int, waiting: Int, expected: Bool) throws {
    let set = SetFacts(replicas: 3, currentReplicas: current, waitToBeDeletedReplicas: waiting)
    let snapshot = SetSnapshot(set: set, counts: ServerCounts())
    #expect(try Activity.isActive(Trigger(metadata), snapshot, at: Self.noon) == expected)
  }

  @Test("does not know the activity of a set without a status")
  func unknownActivity() throws {
    let snapshot = SetSnapshot(set: SetFacts(replicas: 3), counts: ServerCounts())
    #expect(try Activity.isActive(Trigger(["minAvailable": "1"]), snapshot, at: Self.noon) == nil)
  }
}
