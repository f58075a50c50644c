import Kubernetes
import Synchronization
import Testing

@testable import Scaler

@Suite("Index of counts")
struct SetIndexTests {
  private let store = ObjectStore()
  private let key = NamespacedName("games", "arena")

  private func counts(_ index: SetIndex) -> ServerCounts? { index.snapshot(key)?.counts }

  @Test("counts what the store holds already and what comes later")
  func counts() {
    store.set(.gameServerSets, Objects.set("arena", replicas: 3))
    store.set(.pods, Objects.pod("arena", 0))
    let index = SetIndex(following: store)
    store.set(.pods, Objects.pod("arena", 1, ops: "WaitToBeDeleted"))
    store.set(.pods, Objects.pod("arena", 2, ops: "Allocated"))
    store.set(.pods, Objects.pod("other", 0))
    store.set(.pods, Objects.pod("arena", 0, namespace: "elsewhere"))
    #expect(counts(index) == ServerCounts(total: 3, none: 1, waiting: 1))
    store.set(.pods, Objects.pod("arena", 2))
    #expect(counts(index) == ServerCounts(total: 3, none: 2, waiting: 1))
    store.remove(.pods, NamespacedName("games", "arena-1"))
    #expect(counts(index) == ServerCounts(total: 2, none: 2))
  }

  @Test(
    "does not count what is on its way out",
    arguments: [
      Objects.pod("arena", 1, ops: "WaitToBeDeleted", deleting: true),
      Objects.pod("arena", 1, ops: "WaitToBeDeleted", labels: ["game.kruise.io/gs-state": "Deleting"]),
      Objects.pod("arena", 1, ops: "WaitToBeDeleted", labels: ["game.kruise.io/gs-state": "PreDelete"]),
      Objects.pod("arena", 1, ops: "WaitToBeDeleted", labels: ["lifecycle.apps.kruise.io/state": "PreparingDelete"]),
      Objects.pod("arena", 7, ops: "WaitToBeDeleted"),
    ])
  func leaving(pod: KubernetesObject) {
    let index = SetIndex(following: store)
    store.set(.gameServerSets, Objects.set("arena", replicas: 2, reserved: [7]))
    store.set(.pods, Objects.pod("arena", 0))
    store.set(.pods, pod)
    #expect(counts(index) == ServerCounts(total: 1, none: 1))
  }

  @Test("counts again when ordinals are reserved and released")
  func reserved() {
    let index = SetIndex(following: store)
    for ordinal in 0..<4 { store.set(.pods, Objects.pod("arena", ordinal)) }
    #expect(counts(index) == nil)
    store.set(.gameServerSets, Objects.set("arena", replicas: 4, reserved: [1, 2]))
    #expect(counts(index) == ServerCounts(total: 2, none: 2))
    store.set(.gameServerSets, Objects.set("arena", replicas: 4))
    #expect(counts(index) == ServerCounts(total: 4, none: 4))
  }

  @Test("follows a pod that changes its set")
  func moves() {
    let index = SetIndex(following: store)
    store.set(.gameServerSets, Objects.set("arena", replicas: 1))
    store.set(.gameServerSets, Objects.set("chess", replicas: 1))
    let moved = Objects.pod("arena", 0, labels: ["game.kruise.io/owner-gss": "chess"])
    store.set(.pods, Objects.pod("arena", 0))
    store.set(.pods, moved)
    #expect(counts(index)?.total == 0)
    #expect(index.snapshot(NamespacedName("games", "chess"))?.counts.total == 1)
  }

  @Test("keeps the free places of several capacities")
  func places() {
    let index = SetIndex(following: store)
    store.set(.gameServerSets, Objects.set("arena", replicas: 4))
    store.set(.pods, Objects.pod("arena", 0, labels: ["gs-sync/players": "4"]))
    store.set(.pods, Objects.pod("arena", 1, ops: "Allocated", labels: ["gs-sync/players": "12"]))
    store.set(.pods, Objects.pod("arena", 2, ops: "Maintaining"))
    #expect(index.snapshot(key, capacity: 10)?.freeSlots == 6)
    #expect(index.snapshot(key, capacity: 20)?.freeSlots == 24)
    store.set(.pods, Objects.pod("arena", 3))
    store.set(.pods, Objects.pod("arena", 0, labels: ["gs-sync/players": "nonsense"]))
    #expect(index.snapshot(key, capacity: 10)?.freeSlots == 20)
    for capacity in 30..<40 { #expect(index.snapshot(key, capacity: capacity)?.freeSlots == 3 * capacity - 12) }
    #expect(index.snapshot(key, capacity: 20)?.freeSlots == 48)
  }

  @Test("agrees with a fresh count after any changes")
  func agreesWithFreshCount() {
    let index = SetIndex(following: store)
    var random = SystemRandomNumberGenerator()
    let states = ["None", "WaitToBeDeleted", "Allocated", "Maintaining"]
    store.set(.gameServerSets, Objects.set("arena", replicas: 9, reserved: [3]))
    for step in 0..<500 {
      let ordinal = Int.random(in: 0..<9, using: &random)
      if Bool.random(using: &random) {
        let ops = states[Int.random(in: 0..<4, using: &random)]
        let labels = ["gs-sync/players": "\(step % 30)", "game.kruise.io/gs-state": step % 5 == 0 ? "Crash" : "Ready"]
        store.set(.pods, Objects.pod("arena", ordinal, ops: ops, labels: labels, deleting: step % 7 == 0))
      } else {
        store.remove(.pods, NamespacedName("games", "arena-\(ordinal)"))
      }
      #expect(index.snapshot(key, capacity: 20) == SetIndex(following: store).snapshot(key, capacity: 20))
    }
  }

  @Test("tells subscribers of their set only, until they cancel")
  func subscribers() {
    let index = SetIndex(following: store)
    let calls = Mutex(0)
    let subscription = index.subscribe(key) { calls.withLock { $0 += 1 } }
    store.set(.gameServerSets, Objects.set("arena", replicas: 1))
    store.set(.pods, Objects.pod("arena", 0))
    store.set(.pods, Objects.pod("chess", 0))
    #expect(calls.withLock { $0 } == 2)
    index.cancel(subscription)
    store.set(.pods, Objects.pod("arena", 1))
    #expect(calls.withLock { $0 } == 2)
    #expect(index.subscriptionCount == 0)
  }

  @Test("forgets sets that are gone")
  func forgets() {
    let index = SetIndex(following: store)
    store.set(.gameServerSets, Objects.set("arena", replicas: 1))
    store.set(.pods, Objects.pod("arena", 0))
    store.remove(.gameServerSets, key)
    #expect(index.snapshot(key) == nil)
    store.remove(.pods, NamespacedName("games", "arena-0"))
    store.set(.gameServerSets, Objects.set("arena", replicas: 1))
    #expect(counts(index) == ServerCounts())
  }
}
