import ClusterSemantics
import Foundation
import JSON
import KubeClient
import Kubernetes
import Synchronization
import TestSupport
import Testing

extension RealServerTests {
  /// Objects of the soak; `GATEHOUSE_SOAK_OBJECTS` makes it longer.
  private static var soakObjects: Int {
    ProcessInfo.processInfo.environment["GATEHOUSE_SOAK_OBJECTS"].flatMap { Int($0) } ?? 1_500
  }

  /// What an observer of the store was told, replayed.
  private final class Replay: Sendable {
    private struct State {
      var versions: [NamespacedName: String] = [:]
      var mistakes: [String] = []
    }

    private let state = Mutex(State())

    func told(_ old: KubernetesObject?, _ new: KubernetesObject?) {
      state.withLock { state in
        let key = (new ?? old)?.key ?? NamespacedName("", "")
        if state.versions[key] != old?.metadata.resourceVersion { state.mistakes.append("\(key): old object unknown") }
        state.versions[key] = new?.metadata.resourceVersion
      }
    }

    var versions: [NamespacedName: String] { state.withLock { $0.versions } }
    var mistakes: [String] { state.withLock { $0.mistakes } }
  }

  @Test("a store ends equal to a fresh list, whatever happens to its connections and its server")
  func soak() async throws {
    let server = try await RealCluster.shared.server()
    let direct = KubeClient(server.configuration)
    defer { direct.shutDown() }
    let port = try #require(server.configuration.endpoint.server.split(separator: ":").last.flatMap { UInt16($0) })
    let proxy = try CuttingProxy(to: port)
    defer { proxy.stop() }
    var through = server.configuration
    through.endpoint.server = "https://127.0.0.1:\(proxy.port)"
    let namespace = "soak-\(UInt64.random(in: 0..<1 << 40))"
    try await direct.create(.namespaces, namespace: "", ["metadata": ["name": .string(namespace)]])

    let store = ObjectStore()
    let replay = Replay()
    store.observe(.configMaps) { replay.told($0, $1) }
    let client = KubeClient(through)
    let selection = ObjectSelection(namespace: namespace)
    let informers = Informers(client, store, [InformerDeclaration(.configMaps, selection)])
    let running = Task { await informers.run() }
    #expect(await informers.waitUntilSynced())

    try await churn(direct, namespace, proxy, server)

    let end = ContinuousClock.now + .seconds(60)
    var differences = ["never compared"]
    while !differences.isEmpty, ContinuousClock.now < end {
      let fresh = try await direct.list(.configMaps, namespace: namespace, labelSelector: "", fieldSelector: "")
      differences = compare(store, fresh)
      if !differences.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
    }
    #expect(differences.isEmpty)
    #expect(replay.mistakes.isEmpty)
    let held = store.objects(.configMaps, .all(namespace: nil))
    #expect(replay.versions == Dictionary(uniqueKeysWithValues: held.map { ($0.key, $0.metadata.resourceVersion) }))
    running.cancel()
    await running.value
    client.shutDown()
    try await direct.delete(.namespaces, NamespacedName("", namespace))
    try RealCluster.leaveMark("\(server.name): soak of \(Self.soakObjects) objects")
  }

  private func compare(_ store: ObjectStore, _ fresh: [KubernetesObject]) -> [String] {
    var left = Dictionary(
      uniqueKeysWithValues: store.objects(.configMaps, .all(namespace: nil)).map { ($0.key, $0.json.text) })
    var differences = fresh.filter { left.removeValue(forKey: $0.key) != $0.json.text }.map { "differs: \($0.key)" }
    differences += left.keys.map { "is not there: \($0)" }
    return Array(differences.prefix(5))
  }

  /// Creates, changes and deletes, and cuts, compacts and restarts at fixed places in between.
  private func churn(
    _ client: KubeClient, _ namespace: String, _ proxy: CuttingProxy, _ server: TestServer
  ) async throws {
    var random = SeededGenerator(seed: 42)
    let batch = 50
    let batches = Self.soakObjects / batch
    for number in 0..<batches {
      let seed = random.next()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for place in 0..<batch {
          group.addTask { try await self.liveAndDie(client, namespace, "m-\(number)-\(place)", seed &+ UInt64(place)) }
        }
        try await group.waitForAll()
      }
      let pick = random.next()
      proxy.cut { place in pick >> UInt64(place % 64) & 1 == 1 }
      if number % 10 == 9 { try await server.perform?(.compact) }
      if number == batches / 2 {
        // A crash, a compaction of everything that the watch has not seen, and a cold start.
        try await server.perform?(.stop)
        try await server.perform?(.compact)
        try await server.perform?(.start)
      }
    }
  }

  /// An object's life: made, changed up to three times, and in two of three cases deleted.
  private func liveAndDie(_ client: KubeClient, _ namespace: String, _ name: String, _ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let key = NamespacedName(namespace, name)
    try await client.create(.configMaps, namespace: namespace, ["metadata": ["name": .string(name)]])
    for change in 0..<Int.random(in: 0...3, using: &random) {
      try await client.patch(.configMaps, key, .merge(["data": ["n": .string(String(change))]]))
    }
    if Int.random(in: 0..<3, using: &random) > 0 { try await client.delete(.configMaps, key) }
  }
}
