import Scaler
import Testing

@Suite("Trigger metadata")
struct TriggerTests {
  @Test(
    "reads minAvailable as servers, share or percentage",
    arguments: [
      ("0", Availability.servers(0)), ("1", .servers(1)), ("1.0", .servers(1)), ("3.1", .servers(4)),
      ("0.5", .share(0.5)), ("30%", .share(0.3)), ("0%", .servers(0)), ("1e2", .servers(100)),
    ])
  func readsMinimum(text: String, expected: Availability) throws {
    #expect(try Trigger(["minAvailable": text]).minAvailable == expected)
  }

  @Test(
    "refuses a minAvailable that means nothing",
    arguments: ["-1", "-0.5", "abc", "inf", "nan", "0x10", "100%", "150%", "-5%", "%", " 1", "1e9", "1,5"])
  func refusesMinimum(text: String) {
    #expect(throws: TriggerError.self) { try Trigger(["minAvailable": text]) }
  }

  @Test("names a negative minAvailable as OpenKruiseGame does")
  func negativeMessage() throws {
    let error = try #require(throws: TriggerError.self) { try Trigger(["minAvailable": "-1"]) }
    #expect(
      error.description.contains(
        "invalid min number: must be greater than 0 or a valid percentage between 0 and 1"))
  }

  @Test(
    "takes an unreadable maxAvailable as no limit, and says so",
    arguments: ["abc", "1.5", "10%", "-1", "0x3"])
  func ignoresMaximum(text: String) throws {
    let trigger = try Trigger(["maxAvailable": text])
    #expect(trigger.maxAvailable == nil)
    #expect(trigger.notes.count == 1)
  }

  @Test("treats an empty value as absent")
  func emptyValues() throws {
    let empty = ["minAvailable": "", "maxAvailable": "", "schedule": "", "playersPerServer": "", "gameServerSet": ""]
    #expect(try Trigger(empty) == Trigger([:]))
  }

  @Test("leaves KEDA's own keys alone")
  func foreignKeys() throws {
    let trigger = try Trigger(["scalerAddress": "a:6000", "maxAvailable": "7", "gameServerSet": "arena"])
    #expect(trigger.maxAvailable == 7)
    #expect(trigger.setName == "arena")
  }

  @Test(
    "refuses what would reach further or means nothing",
    arguments: [
      ["gameServerSet": "other/arena"], ["readyOnly": "yes"], ["playersPerServer": "0"], ["playersPerServer": "x"],
      ["playersPerServer": "10", "playersBuffer": "-1"],
    ])
  func refuses(metadata: [String: String]) {
    #expect(throws: TriggerError.self) { try Trigger(metadata) }
  }
}
