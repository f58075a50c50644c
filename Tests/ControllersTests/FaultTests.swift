import Foundation
import JSON
import Kubernetes
import SimulatedCluster
import Synchronization
import Testing

@testable import Controllers

/// What goes wrong at one write.
enum Fault: String, CaseIterable, Sendable {
  case conflict, serverError, lostAnswer, staleCache, droppedWatch
}

@Suite("Faults at every write end in the state of an undisturbed run")
struct FaultTests {
  @Test("faults", arguments: UserStory.all)
  func faults(_ story: UserStory) async throws {
    let undisturbed = try await Harness()
    try await story.play(undisturbed)
    let expected = ClusterFingerprint.take(undisturbed.store)
    let writes = undisturbed.writer.count
    try #require(writes > 0)
    for number in 0..<writes {
      for fault in Self.faults(at: number) {
        let found = try await disturbed(story, fault, at: number)
        guard found != expected else { continue }
        let differing = Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }.sorted()
        let first = differing[0]
        Issue.record(
          """
          \(story.name): \(fault.rawValue) at write \(number) ends otherwise in \(differing)
          expected \(expected[first] ?? "nothing")
          found    \(found[first] ?? "nothing")
          """)
      }
    }
  }

  /// Every kind of fault at every write with `GATEHOUSE_FAULTS=all`, which takes minutes; without, each write meets one of them in turn.
  private static func faults(at number: Int) -> [Fault] {
    if ProcessInfo.processInfo.environment["GATEHOUSE_FAULTS"] == "all" { return Fault.allCases }
    return [Fault.allCases[number % Fault.allCases.count]]
  }

  private func disturbed(_ story: UserStory, _ fault: Fault, at number: Int) async throws -> [String: String] {
    let lag = LaggingCache(losesWatch: fault == .droppedWatch)
    let harness = try await Harness(beside: [lag]) { count in
      guard count == number else { return .pass }
      switch fault {
      case .conflict: return .fail(KubernetesError(.conflict, status: 409, message: "the object has been modified"))
      case .serverError: return .fail(KubernetesError(.internalError, status: 500, message: "etcd leader changed"))
      case .lostAnswer: return .loseAnswer(KubernetesError(.unreachable, message: "connection reset"))
      case .staleCache, .droppedWatch:
        lag.begin()
        return .pass
      }
    }
    lag.attach(harness)
    try await story.play(harness)
    return ClusterFingerprint.take(harness.store)
  }
}

/// Holds the product's cache back for two seconds, lets its controllers look at everything meanwhile, and lets it catch up.
final class LaggingCache: SimulatedController {
  let name = "lag"
  private let losesWatch: Bool
  private let state = Mutex(State())

  private struct State {
    var harness: Harness?
    var isDue = false
    var moments: [Timestamp] = []
  }

  init(losesWatch: Bool) { self.losesWatch = losesWatch }

  func attach(_ harness: Harness) { state.withLock { $0.harness = harness } }

  /// The cache sees nothing from now on.
  func begin() {
    state.withLock { state in
      state.isDue = true
      state.harness?.cacheFeed.isPaused = true
    }
  }

  var nextDue: Timestamp? { state.withLock { $0.moments.first } }

  func step(now: Timestamp) async -> Bool {
    state.withLock { state in
      if state.isDue {
        state.isDue = false
        state.moments = [now + .seconds(1), now + .seconds(2)]
        return true
      }
      guard let first = state.moments.first, first <= now, let harness = state.harness else { return false }
      state.moments.removeFirst()
      guard state.moments.isEmpty else {
        harness.resync()
        return true
      }
      if losesWatch { harness.cacheFeed.lose() }
      harness.cacheFeed.isPaused = false
      return true
    }
  }
}
