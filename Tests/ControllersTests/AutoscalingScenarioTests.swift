import JSON
import Kubernetes
import Scaler
import SimulatedCluster
import Testing

/// An HPA as KEDA sets it up: asks the scaler every 15 s, scales out at once, scales in by the largest answer of 45 s.
private struct HorizontalAutoscaler {
  let index: SetIndex
  let trigger: Trigger
  let bounds: ClosedRange<Int>
  private var recent: [Int] = []

  init(_ index: SetIndex, _ trigger: Trigger, _ bounds: ClosedRange<Int>) {
    self.index = index
    self.trigger = trigger
    self.bounds = bounds
  }

  /// The replicas that are wanted now; nil for no change.
  mutating func next(_ key: NamespacedName, now: Timestamp) -> Int? {
    guard let snapshot = index.snapshot(key) else { return nil }
    let wanted = ScalingDecision(trigger, snapshot, at: now).value
    let clamped = min(max(wanted, bounds.lowerBound), bounds.upperBound)
    // Before the first answer the set was as it should be.
    if recent.isEmpty { recent = [snapshot.set.replicas, snapshot.set.replicas] }
    recent = recent.suffix(2) + [clamped]
    let stable = max(clamped, min(recent.max() ?? clamped, snapshot.set.replicas))
    return stable == snapshot.set.replicas ? nil : stable
  }
}

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
    let index = SetIndex(following: harness.store)
    let trigger = try Trigger(["minAvailable": "2", "maxAvailable": "5"])
    var autoscaler = HorizontalAutoscaler(index, trigger, 1...20)
    try await harness.apply(ScenarioTests.demo(replicas: 1, [:]))
    try await harness.run()
    var (turns, direction, peak) = (0, 0, 0)
    for tick in 0..<240 {
      // From none to ten servers in use within half an hour, and back.
      try await play(harness, min(tick, 240 - tick) / 12)
      try await harness.run(.seconds(15))
      let playing = names(harness, "Allocated")
      if let replicas = autoscaler.next(key, now: harness.clock.now()) {
        let change = (replicas - (harness.set()?.replicas ?? 0)).signum()
        if direction != 0, change != direction { turns += 1 }
        direction = change
        try await harness.patchSet("demo", ["spec": ["replicas": .int(replicas)]])
      }
      try await harness.run(.seconds(1))
      #expect(Set(playing).isSubset(of: names(harness, "Allocated")), "tick \(tick)")
      peak = max(peak, harness.set()?.replicas ?? 0)
    }
    #expect(turns == 1)
    #expect((12...15).contains(peak))
    #expect((2...5).contains(names(harness, "None").count))
  }

  @Test("takes the marked servers first, and keeps one that goes back to None in time")
  func marked() async throws {
    let harness = try await Harness()
    let index = SetIndex(following: harness.store)
    var autoscaler = HorizontalAutoscaler(index, try Trigger([:]), 0...20)
    try await harness.apply(ScenarioTests.demo(replicas: 4, [:]))
    try await harness.run()
    for name in ["demo-0", "demo-2"] { try await harness.patchServer(name, ["opsState": "WaitToBeDeleted"]) }
    for tick in 0..<8 {
      if tick == 1 { try await harness.patchServer("demo-2", ["opsState": "None"]) }
      try await harness.run(.seconds(15))
      guard let replicas = autoscaler.next(key, now: harness.clock.now()) else { continue }
      try await harness.patchSet("demo", ["spec": ["replicas": .int(replicas)]])
    }
    try await harness.run()
    #expect(harness.ordinals() == [1, 2, 3])
    #expect(harness.set()?.replicas == 3)
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
