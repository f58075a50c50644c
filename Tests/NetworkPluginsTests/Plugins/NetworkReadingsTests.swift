import Kubernetes
import Testing

@testable import NetworkPlugins

struct NetworkReadingsTests {
  private let reading = NetworkReadings.Reading(
    plugin: KubernetesNodePort(), parameters: [NetworkParameter("PortProtocols", "80")], problems: [], prepared: nil)

  @Test("remembers a reading by both texts")
  func remembersByBothTexts() {
    let readings = NetworkReadings()
    readings.remember(reading, as: NetworkReadings.Key(type: "a", conf: "1"))
    #expect(readings[NetworkReadings.Key(type: "a", conf: "1")]?.parameters == reading.parameters)
    #expect(readings[NetworkReadings.Key(type: "a", conf: nil)] == nil)
    #expect(readings[NetworkReadings.Key(type: "a", conf: "2")] == nil)
    #expect(readings[NetworkReadings.Key(type: "b", conf: "1")] == nil)
  }

  @Test("forgets all where there is no room for one more")
  func forgetsWithoutRoom() {
    let readings = NetworkReadings()
    let keys = (0...NetworkReadings.limit).map { NetworkReadings.Key(type: "a", conf: "\($0)") }
    for key in keys { readings.remember(reading, as: key) }
    #expect(keys.count { readings[$0] != nil } == 1)
    #expect(readings[keys[NetworkReadings.limit]] != nil)
  }

  @Test("does not remember long texts")
  func refusesLongTexts() {
    let readings = NetworkReadings()
    let key = NetworkReadings.Key(type: "a", conf: String(repeating: "x", count: NetworkReadings.longestText))
    readings.remember(reading, as: key)
    #expect(readings[key] == nil)
  }
}
