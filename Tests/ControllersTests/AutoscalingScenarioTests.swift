import JSON
import Kubernetes
import SimulatedCluster
import Testing

@Suite("Autoscaling in a simulated cluster")
struct AutoscalingScenarioTests {
  private let key = NamespacedName("default", "demo")

  private func names(_ harness: Harness, _ state: String) -> [String] {
    harness.store.pods(ofSet: key).filter { $0.metadata.labels.has(GameLabels.opsState, state) }.map(\.name).sorted()
  }

  /// Takes and releases servers until as many are in use as players want.
  private func play(_ harness: Harness, _ wanted: Int) async throws {
    let used = names(harness, "Allocated")
    for name in names(harness, "None").prefix(max(0, wanted - used.count)) {
      try await harness.patchServer(name, ["opsState": "Allocated"])
    }
    for name in used.prefix(max(0, used.count - wanted)) {
      try await harness.patchServer(name, ["opsState": "None"])
    }
  }

  @Test("keeps a buffer through an hour of play, without flapping, and never ends a server with players")
  func hourOfPlay() async throws {
    let harness = try await Harness()
    let keda = try KedaLoop(harness, key, ["minAvailable": "2", "maxAvailable": "5"], replicas: 1...20)
    defer { keda.stop() }
    try await harness.apply(ScenarioTests.demo(replicas: 1, [:]))
    try await harness.run()
    var (turns, direction, peak, shortest) = (0, 0, 0, Int.max)
    for tick in 0..<240 {
      // From none to ten servers in use within half an hour, and back.
      try await play(harness, min(tick, 240 - tick) / 12)
      try await harness.run(.seconds(15))
      let playing = names(harness, "Allocated")
      if let change = try await keda.poll() {
        if direction != 0, change.signum() != direction { turns += 1 }
        direction = change.signum()
      }
      try await harness.run(.seconds(1))
      #expect(Set(playing).isSubset(of: names(harness, "Allocated")), "tick \(tick)")
      peak = max(peak, harness.set()?.replicas ?? 0)
      if tick > 4 { shortest = min(shortest, names(harness, "None").count) }
    }
    #expect(turns == 1)
    // Ten in use and two free, less the one that is within the HPA's tolerance of a tenth.
    #expect((11...15).contains(peak))
    #expect(shortest >= 1)
    #expect((2...5).contains(names(harness, "None").count))
    #expect(keda.calls >= 2 * 240)
  }

  @Test("takes the marked servers first, and keeps one that goes back to None in time")
  func marked() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 4, [:]))
    try await harness.run()
    let keda = try KedaLoop(harness, key, [:], replicas: 0...20)
    defer { keda.stop() }
    for name in ["demo-0", "demo-2"] { try await harness.patchServer(name, ["opsState": "WaitToBeDeleted"]) }
    for tick in 0..<8 {
      if tick == 1 { try await harness.patchServer("demo-2", ["opsState": "None"]) }
      try await harness.run(.seconds(15))
      try await keda.poll()
    }
    try await harness.run()
    #expect(harness.ordinals() == [1, 2, 3])
    #expect(harness.set()?.replicas == 3)
  }

  @Test("goes down to nothing when all servers are marked, and comes back for a window of the schedule")
  func zero() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 2, [:]))
    try await harness.run()
    let opening = harness.clock.now() + .seconds(1800)
    let text = opening.description.dropFirst(11).prefix(5)
    let keda = try KedaLoop(
      harness, key, ["schedule": "\(text)-\(text == "00:00" ? "24" : "00"):00 minAvailable=2"], replicas: 0...20)
    defer { keda.stop() }
    for name in ["demo-0", "demo-1"] { try await harness.patchServer(name, ["opsState": "WaitToBeDeleted"]) }
    for _ in 0..<100 {
      try await harness.run(.seconds(15))
      try await keda.poll()
    }
    #expect(harness.set()?.replicas == 0)
    for _ in 0..<60 {
      try await harness.run(.seconds(15))
      try await keda.poll()
    }
    try await harness.run()
    #expect(names(harness, "None").count == 2)
  }

  @Test("shows the HPA a selector that finds the set's pods")
  func selector() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 2, [:]))
    try await harness.run()
    let status = harness.set()?.status
    #expect(status?["labelSelector"]?.string == "\(GameLabels.ownerSet)=demo")
    #expect(status?["replicas"]?.int == 2)
  }
}
