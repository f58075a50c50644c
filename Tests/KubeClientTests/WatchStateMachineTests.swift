import JSON
import Kubernetes
import Testing

@testable import KubeClient

@Suite struct WatchStateMachineTests {
  typealias Machine = Watch.StateMachine

  private static let expired = KubernetesError(.expired, status: 410, message: "too old resource version")
  private static let down = KubernetesError(.unreachable, message: "connection refused")

  private func set(_ version: String) -> WatchEvent {
    .set(KubernetesObject(["metadata": ["name": "one", "resourceVersion": .string(version)]]))
  }

  private func watching(_ version: String) -> Machine {
    var machine = Machine()
    _ = machine.listed(version: version, continuation: nil)
    machine.opened()
    return machine
  }

  @Test("goes from nothing over pages to a list and a stream")
  func happyPath() {
    var machine = Machine()
    #expect(machine.next == .list(.newest, limit: ObjectPage.defaultLimit, continuation: nil))
    #expect(machine.listed(version: "5", continuation: "t1") == .keep)
    #expect(machine.state == .listing(continuation: "t1", floor: nil))
    #expect(machine.next == .list(.newest, limit: ObjectPage.defaultLimit, continuation: "t1"))
    #expect(machine.listed(version: "5", continuation: nil) == .complete)
    #expect(machine.state == .listed(version: "5"))
    #expect(machine.next == .watch(version: "5"))
    machine.opened()
    #expect(machine.state == .watching(version: "5"))
    #expect(machine.next == .read)
    #expect(machine.received(set("6"), random: 0) == true)
    #expect(machine.state == .watching(version: "6"))
  }

  @Test("a bookmark moves the version only")
  func bookmark() {
    var machine = watching("5")
    #expect(machine.received(.bookmark(version: "9"), random: 0) == true)
    #expect(machine.state == .watching(version: "9"))
  }

  @Test("an object that cannot be decoded changes nothing and stops nothing")
  func undecodable() {
    var machine = watching("5")
    #expect(machine.received(.undecodable("nonsense"), random: 0) == true)
    #expect(machine.state == .watching(version: "5"))
    #expect(machine.received(set("7"), random: 0) == true)
    #expect(machine.state == .watching(version: "7"))
  }

  @Test("a stream that ends leads back to the list's version, and is opened behind the last event")
  func disconnect() {
    var machine = watching("5")
    _ = machine.received(set("6"), random: 0)
    machine.ended(Self.down, hasLived: true, random: 0)
    #expect(machine.state == .listed(version: "6"))
    #expect(machine.next == .watch(version: "6"))
    #expect(machine.delay > .zero)
  }

  @Test("a stream that ends in order after a long life is opened again at once, a short one is not")
  func orderlyEnd() {
    var machine = watching("5")
    machine.ended(nil, hasLived: true, random: 0)
    #expect(machine.delay == .zero)
    machine.opened()
    machine.ended(nil, hasLived: false, random: 0)
    #expect(machine.delay > .zero)
  }

  @Test("an expired version leads to a new list that is not older, told by an event or by the answer")
  func expires() {
    var byEvent = watching("5")
    #expect(byEvent.received(.error(Self.expired), random: 0) == false)
    var byAnswer = Machine()
    _ = byAnswer.listed(version: "5", continuation: nil)
    byAnswer.ended(Self.expired, hasLived: false, random: 0)
    for machine in [byEvent, byAnswer] {
      #expect(machine.state == .empty(floor: "5"))
      #expect(machine.next == .list(.notOlderThan("5"), limit: ObjectPage.defaultLimit, continuation: nil))
    }
  }

  @Test("an error event that is no expiry keeps the version")
  func errorEvent() {
    var machine = watching("5")
    let error = KubernetesError(.internalError, status: 500, message: "etcd")
    #expect(machine.received(.error(error), random: 0) == false)
    #expect(machine.state == .listed(version: "5"))
  }

  @Test("an expired page token leads to a list in one piece")
  func expiredPages() {
    var machine = Machine()
    _ = machine.listed(version: "5", continuation: "t1")
    machine.listFailed(Self.expired, random: 0)
    #expect(machine.state == .empty(floor: nil))
    #expect(machine.next == .list(.newest, limit: nil, continuation: nil))
    #expect(machine.listed(version: "9", continuation: nil) == .complete)
    machine.ended(Self.expired, hasLived: false, random: 0)
    #expect(machine.next == .list(.notOlderThan("9"), limit: ObjectPage.defaultLimit, continuation: nil))
  }

  @Test("a page that fails for a while is asked for again with its token")
  func retriesPage() {
    var machine = Machine()
    _ = machine.listed(version: "5", continuation: "t1")
    machine.listFailed(Self.down, random: 0)
    #expect(machine.next == .list(.newest, limit: ObjectPage.defaultLimit, continuation: "t1"))
    #expect(machine.delay > .zero)
  }

  @Test("a database that was restored from a backup is believed")
  func restored() {
    var machine = watching("900")
    machine.ended(Self.expired, hasLived: false, random: 0)
    let cause = StatusDetails.Cause(reason: "ResourceVersionTooLarge", message: "", field: "")
    let ahead = KubernetesError(
      .timeout, status: 504, message: "Too large resource version",
      details: StatusDetails(name: "", group: "", kind: "", causes: [cause]))
    machine.listFailed(ahead, random: 0)
    #expect(machine.state == .empty(floor: nil))
    #expect(machine.next == .list(.newest, limit: ObjectPage.defaultLimit, continuation: nil))
  }

  @Test("waits grow while nothing works, keep to the server's wish, and shrink after an event")
  func delays() {
    var machine = Machine()
    var last = Duration.zero
    for _ in 0..<12 {
      machine.listFailed(Self.down, random: 0.5)
      #expect(machine.delay >= last)
      last = machine.delay
    }
    #expect(last <= .seconds(20))
    machine.listFailed(
      KubernetesError(.tooManyRequests, status: 429, message: "", retryAfter: .seconds(40)), random: 0)
    #expect(machine.delay == .seconds(40))
    _ = machine.listed(version: "1", continuation: nil)
    #expect(machine.delay == .zero)
    machine.opened()
    _ = machine.received(set("2"), random: 0)
    machine.ended(Self.down, hasLived: false, random: 0)
    #expect(machine.delay == .milliseconds(100))
  }
}
