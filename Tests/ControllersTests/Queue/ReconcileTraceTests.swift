import JSON
import Kubernetes
import Telemetry
import TestSupport
import Testing

@testable import Controllers

@Suite("The spans of passes over keys")
struct ReconcileTraceTests {
  /// Comes to what the test says.
  private struct Scripted: Reconciler {
    let name = "scripted"
    let outcome: ReconcileOutcome

    func reconcile(_ key: NamespacedName) async -> ReconcileOutcome { outcome }
  }

  private let spans = RecordedSpans()
  private let store = ObjectStore()
  private let key = NamespacedName("games", "arena-0")

  @Test(
    "say what a pass came to",
    arguments: [
      (.done, .ok("done"), false), (.after(.seconds(3)), .ok("looked at again after 3.0 seconds"), true),
      (.retry("conflict"), .error("conflict"), true), (.terminal("forbidden"), .error("forbidden"), false),
    ] as [(ReconcileOutcome, FinishedSpan.Status, Bool)])
  func outcomes(_ outcome: ReconcileOutcome, _ status: FinishedSpan.Status, _ isRequeued: Bool) async {
    let queue = WorkQueue<NamespacedName>(backOff: QueueBackOff(first: .milliseconds(1), longest: .milliseconds(1)))
    queue.add(key)
    queue.close()
    let trace = ReconcileTrace.gameServers(spans.tracer(), store)
    await Runner(Scripted(outcome: outcome), queue, workers: 1, trace: trace).run()
    #expect(spans.all.map(\.name) == ["reconcile game_server"])
    #expect(spans.all[0].kind == .server)
    #expect(spans.all[0].status == status)
    #expect(
      spans.all[0].attributes == [
        "k8s.namespace.name": "games", "game.kruise.io.game_server.namespace": "games",
        "game.kruise.io.game_server.name": "arena-0", "game.kruise.io.reconcile.trigger": "delete",
        "game.kruise.io.reconcile.requeue": .bool(isRequeued),
      ])
  }

  private func object(_ kind: String, _ name: String, isGoing: Bool = false) throws -> KubernetesObject {
    var metadata: JSONValue = [
      "namespace": "games", "name": .string(name), "labels": ["game.kruise.io/owner-gss": "arena"],
    ]
    if isGoing { metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z" }
    let object: JSONValue = ["kind": .string(kind), "metadata": metadata]
    return KubernetesObject(try JSONDocument(object.bytes).root)
  }

  @Test("say what brought a server up, and its set")
  func servers() async throws {
    let trace = ReconcileTrace.gameServers(spans.tracer(), store)
    store.set(.pods, try object("Pod", "arena-0"))
    _ = await trace.reconcile(key, Scripted(outcome: .done))
    store.set(.gameServers, try object("GameServer", "arena-0"))
    _ = await trace.reconcile(key, Scripted(outcome: .done))
    #expect(spans.all.map { $0.attributes["game.kruise.io.reconcile.trigger"] } == ["create", "update"])
    #expect(spans.all.allSatisfy { $0.attributes["game.kruise.io.game_server_set.name"] == "arena" })
  }

  @Test("say what brought a set up")
  func sets() async throws {
    let trace = ReconcileTrace.gameServerSets(spans.tracer(), store)
    let key = NamespacedName("games", "arena")
    _ = await trace.reconcile(key, Scripted(outcome: .done))
    for isGoing in [false, true] {
      store.set(.gameServerSets, try object("GameServerSet", "arena", isGoing: isGoing))
      _ = await trace.reconcile(key, Scripted(outcome: .done))
    }
    #expect(spans.all.map(\.name).allSatisfy { $0 == "reconcile game_server_set" })
    #expect(spans.all.map { $0.attributes["game.kruise.io.reconcile.trigger"] } == ["delete", "update", "delete"])
  }

  @Test("read nothing where a trace is not recorded")
  func unsampled() async {
    let trace = ReconcileTrace(spans.tracer(samplingRate: 0), subject: "x") { _ in
      Issue.record("nobody records this")
      return [:]
    }
    #expect(await trace.reconcile(key, Scripted(outcome: .terminal("no"))) == .terminal("no"))
    #expect(spans.all.isEmpty)
  }
}
