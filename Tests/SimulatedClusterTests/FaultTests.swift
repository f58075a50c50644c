import JSON
import KubeClient
import Kubernetes
import SimulatedCluster
import TestSupport
import Testing

/// Faults on purpose, and a store that stays right through them.
struct FaultTests {
  @Test("a rule hits the calls that it is for, as often as it says")
  func rules() {
    let error = KubernetesError(.conflict, status: 409, message: "changed")
    let faults = ScriptedFaults([
      ScriptedFaults.Rule(.failure(error), verbs: ["update"], resource: .pods, name: "a", every: 2, limit: 2),
      ScriptedFaults.Rule(.delay(.seconds(1)), verbs: ["list"]),
    ])
    func fails(_ verb: String, _ resource: Resource, _ name: String) -> Bool {
      faults.failure(verb: verb, resource, NamespacedName("default", name), subresource: "") != nil
    }
    let hits: [Bool] = (0..<8).map { _ in fails("update", .pods, "a") }
    let expected: [Bool] = [false, true, false, true, false, false, false, false]
    #expect(hits == expected)
    #expect(!fails("update", .pods, "b"))
    #expect(!fails("get", .pods, "a"))
    #expect(!fails("update", .nodes, "a"))
    let key = NamespacedName("", "")
    #expect(faults.delay(verb: "list", .nodes, key, subresource: "") == .seconds(1))
    #expect(faults.delay(verb: "get", .nodes, key, subresource: "") == nil)
    #expect(faults.hits == [2, 1])
  }

  @Test("an injected failure reaches a client with its code, and what follows goes well")
  func failure() async throws {
    try await LiveBench.run { bench in
      let error = KubernetesError(.tooManyRequests, status: 429, message: "later", retryAfter: .seconds(0))
      bench.cluster.server.setFaults(
        ScriptedFaults([ScriptedFaults.Rule(.failure(error), verbs: ["create"], limit: 1)]))
      let value: JSONValue = ["metadata": ["name": "one"]]
      // The client tries again by itself where the server asks for that, so one failure may not show.
      if let failure = await create(bench.client, value) {
        #expect(failure.code == .tooManyRequests)
        #expect(await create(bench.client, value) == nil)
      }
      let made = try await bench.client.get(.configMaps, NamespacedName("default", "one"))
      #expect(made.name == "one")
    }
  }

  /// The failure of a creation; nil where it goes well.
  private func create(_ client: KubeClient, _ value: JSONValue) async -> KubernetesError? {
    do throws(KubernetesError) {
      try await client.create(.configMaps, namespace: "default", value)
      return nil
    } catch {
      return error
    }
  }

  @Test("a store ends equal to a fresh list, however often watches are cut and versions forgotten")
  func soak() async throws {
    try await LiveBench.run { bench in
      let store = ObjectStore()
      let informers = Informers(
        bench.client, store, [InformerDeclaration(.configMaps, ObjectSelection(namespace: "default"))])
      let running = Task { await informers.run() }
      #expect(await informers.waitUntilSynced())
      try await churn(InProcessClient(bench.cluster.server), bench.cluster)
      let fresh = try await bench.client.list(.configMaps, namespace: "default", labelSelector: "", fieldSelector: "")
      let wanted = versions(fresh)
      // A failing store is all that ever waits for the minute.
      let end = ContinuousClock.now + .seconds(60)
      while versions(store.objects(.configMaps, .all(namespace: nil))) != wanted, ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(versions(store.objects(.configMaps, .all(namespace: nil))) == wanted)
      #expect(fresh.count > 500)
      running.cancel()
      await running.value
    }
  }

  private func churn(_ client: InProcessClient, _ cluster: LiveCluster) async throws {
    var generator = SeededGenerator(seed: 7)
    for step in 0..<10_000 {
      let key = NamespacedName("default", "o-\(Int.random(in: 0..<2000, using: &generator))")
      let isThere = (try? await client.get(.configMaps, key)) != nil
      if !isThere {
        try await client.create(.configMaps, namespace: "default", ["metadata": ["name": .string(key.name)]])
      } else if Int.random(in: 0..<4, using: &generator) == 0 {
        try await client.delete(.configMaps, key)
      } else {
        let data: JSONValue = ["step": .string(String(step))]
        try await client.patch(.configMaps, key, .merge(["data": data]))
      }
      if Int.random(in: 0..<500, using: &generator) == 0 { cluster.front.cutWatches() }
      if Int.random(in: 0..<1000, using: &generator) == 0 { cluster.server.compact() }
    }
  }

  private func versions(_ objects: [KubernetesObject]) -> [NamespacedName: String] {
    Dictionary(objects.map { ($0.key, $0.metadata.resourceVersion) }) { first, _ in first }
  }
}

/// A cluster on a port for one test, without nodes.
struct LiveBench {
  let cluster: LiveCluster
  let client: KubeClient

  static func run(_ body: @escaping @Sendable (LiveBench) async throws -> Void) async throws {
    var settings = LiveCluster.Settings()
    settings.nodes = 0
    let cluster = try LiveCluster(settings)
    var configuration = ClientConfiguration(endpoint: Endpoint(server: "http://\(try cluster.start())"))
    configuration.limits.queriesPerSecond = 0
    let client = KubeClient(configuration)
    let life = Task { await cluster.run() }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(LiveBench(cluster: cluster, client: client)))
    } catch {
      result = .failure(error)
    }
    client.shutDown()
    life.cancel()
    await life.value
    try result.get()
  }
}
