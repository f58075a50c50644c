import ClusterSemantics
import JSON
import Kubernetes
import Synchronization
import Testing

@testable import KubeClient

extension RealServerTests {
  /// Short, so that the test is; the proportions are those of ``ElectionTiming/standard``.
  private static let timing = ElectionTiming(
    leaseDuration: .seconds(3), renewDeadline: .seconds(2), retryPeriod: .milliseconds(400))

  /// A leader's work: it writes the name of its term into a config map as fast as it can.
  private func write(_ name: String, _ key: NamespacedName) -> @Sendable (FencedClient) async -> Void {
    { client in
      let term = "\(name)-\(UInt64.random(in: 0 ... .max))"
      var number = 0
      while !Task.isCancelled {
        number += 1
        let change: JSONValue = ["data": ["term": .string(term), "number": .string(String(number))]]
        _ = try? await client.patch(.configMaps, key, .merge(change))
        try? await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  /// The terms in the order in which the server saw their writes, repetitions left out, until one leader has written so often that
  /// nobody else can be in between.
  private func terms(
    _ client: KubeClient, _ key: NamespacedName, from version: String, until last: String,
    onFirst: () async throws -> Void
  ) async throws -> [String] {
    let selection = ObjectSelection(namespace: key.namespace, fields: "metadata.name=\(key.name)")
    let session = try await client.watch(.configMaps, selection, from: version, duration: .seconds(120))
    var terms: [String] = []
    var writesOfLast = 0
    while writesOfLast < 200 {
      switch await session.next() {
      case .opened: break
      case .events(let events):
        for case .set(let object) in events {
          guard let term = object.json["data"]?["term"]?.string else { continue }
          if terms.isEmpty { try await onFirst() }
          if terms.last != term { terms.append(term) }
          if term.hasPrefix(last) { writesOfLast += 1 }
        }
      case .ended(let error): throw SemanticsProblem(text: "the watch ended: \(String(describing: error))")
      }
    }
    return terms
  }

  /// A term that was over and comes back would mean that two leaders wrote.
  private func expectNoInterleaving(_ terms: [String]) {
    #expect(Set(terms).count == terms.count, "the terms \(terms)")
  }

  private struct SemanticsProblem: Error { let text: String }

  private func prepare() async throws -> (TestServer, KubeClient, NamespacedName, String) {
    let server = try await RealCluster.shared.server()
    let client = KubeClient(server.configuration)
    let key = NamespacedName("default", "election-\(UInt64.random(in: 0..<1 << 40))")
    let made = try await client.create(.configMaps, namespace: "default", ["metadata": ["name": .string(key.name)]])
    return (server, client, key, made.metadata.resourceVersion)
  }

  @Test("when a leader is killed another takes over, and their writes never interleave")
  func killed() async throws {
    let (server, watcher, key, version) = try await prepare()
    defer { watcher.shutDown() }
    let (first, second) = (KubeClient(server.configuration), KubeClient(server.configuration))
    let a = LeaderElection(first, lease: key, identity: "a", timing: Self.timing)
    let b = LeaderElection(second, lease: key, identity: "b", timing: Self.timing)
    let one = Task { await a.run(write("a", key)) }
    let two = Mutex<Task<LeaderElection.End, Never>?>(nil)
    let terms = try await terms(watcher, key, from: version, until: "b") {
      two.withLock { $0 = Task { await b.run(write("b", key)) } }
      // Nothing of it reaches the server any more, no release either.
      first.shutDown()
    }
    expectNoInterleaving(terms)
    one.cancel()
    let other = two.withLock { $0 }
    other?.cancel()
    _ = await (one.value, other?.value)
    let lease = try await watcher.get(.leases, key)
    #expect(LeaseRecord(lease).holder == "", "the second leader gave the lease up when it was cancelled")
    second.shutDown()
    try RealCluster.leaveMark("\(server.name): a killed leader is followed")
  }

  @Test("when a leader freezes another takes over, and the first writes nothing when it wakes up")
  func frozen() async throws {
    let (server, watcher, key, version) = try await prepare()
    defer { watcher.shutDown() }
    let (first, second) = (KubeClient(server.configuration), KubeClient(server.configuration))
    let ice = FreezableClient(first)
    let a = LeaderElection(ice, lease: key, identity: "a", timing: Self.timing)
    let b = LeaderElection(second, lease: key, identity: "b", timing: Self.timing)
    let one = Task { await a.run(write("a", key)) }
    let two = Mutex<Task<LeaderElection.End, Never>?>(nil)
    let terms = try await terms(watcher, key, from: version, until: "b") {
      ice.freeze()
      two.withLock { $0 = Task { await b.run(write("b", key)) } }
      Task {
        // Wakes up when the other has the lease; what it was about to write goes out now.
        while (try? await watcher.get(.leases, key)).map({ LeaseRecord($0).holder }) != "b" {
          try? await Task.sleep(for: .milliseconds(20))
        }
        ice.thaw()
      }
    }
    expectNoInterleaving(terms)
    one.cancel()
    let other = two.withLock { $0 }
    other?.cancel()
    _ = await (one.value, other?.value)
    first.shutDown()
    second.shutDown()
    try RealCluster.leaveMark("\(server.name): a frozen leader is followed")
  }

  @Test("a leader that is stopped in order gives its lease up, and the next need not wait")
  func released() async throws {
    let (server, watcher, key, version) = try await prepare()
    defer { watcher.shutDown() }
    // With the standard timing a take-over that had to wait would take a quarter of a minute.
    let a = LeaderElection(watcher, lease: key, identity: "a")
    let b = LeaderElection(watcher, lease: key, identity: "b")
    let one = Task { await a.run(write("a", key)) }
    let two = Mutex<Task<LeaderElection.End, Never>?>(nil)
    let terms = try await terms(watcher, key, from: version, until: "b") {
      one.cancel()
      #expect(await one.value == .cancelled)
      two.withLock { $0 = Task { await b.run(write("b", key)) } }
    }
    expectNoInterleaving(terms)
    let other = two.withLock { $0 }
    other?.cancel()
    _ = await other?.value
    try RealCluster.leaveMark("\(server.name): a lease is given up")
  }
}
