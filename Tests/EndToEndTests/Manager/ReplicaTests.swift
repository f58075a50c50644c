import Foundation
import JSON
import KubeClient
import Kubernetes
import Synchronization
import TestSupport
import Testing

/// Two replicas beside each other, one of which dies in the middle of the work.
@Suite(.serialized) struct ReplicaTests {
  /// A thousand with `GATEHOUSE_REPLICA_SERVERS=1000`; the number changes how long it takes and nothing else.
  private static let servers = ProcessInfo.processInfo.environment["GATEHOUSE_REPLICA_SERVERS"].flatMap(Int.init) ?? 200
  /// The client's own limit lets three writes for each server pass at 50 a second.
  private static let patience = ChildProcess.patience + .milliseconds(60) * servers

  @Test(
    "a replica killed while servers are made, and its successor while they are updated, change nothing of the result")
  func killed() async throws {
    let simulated = try await SimulatedClusterProcess(["--nodes", "\(Self.servers / 20)"])
    let cluster = simulated.cluster
    let lease = ["--lease-seconds", "3"]
    let first = try ManagerUnderTest(cluster, .service, lease)
    try await cluster.lead(to: [first])
    try await cluster.waitForRegistration()
    let second = try ManagerUnderTest(cluster, .service, lease)
    try await cluster.lead(to: [first, second])
    let canary = Canary(cluster)
    let watch = Task { try await canary.run() }
    defer { watch.cancel() }

    var set = TestCluster.set("arena", replicas: Self.servers)
    set["spec"]?["updateStrategy"] = [
      "rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "20%"]
    ]
    try await cluster.client.create(.gameServerSets, namespace: "default", set)
    try await cluster.wait("a third of the pods is there") { try await pods(cluster).count > Self.servers / 3 }
    let leader = try await cluster.leader()
    first.process.send(9)
    try await cluster.lead(to: [second])
    try await cluster.wait("the second leads") {
      let now = try await cluster.leader()
      return !now.isEmpty && now != leader
    }
    try await cluster.wait("all servers are ready", within: Self.patience) {
      try await isReady(cluster, image: "game:1")
    }
    try await expectDistinctPorts(cluster)

    let third = try ManagerUnderTest(cluster, .service, lease)
    try await cluster.lead(to: [second, third])
    try await cluster.client.patch(
      .gameServerSets, NamespacedName("default", "arena"),
      .merge(["spec": ["gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:2"]]]]]]))
    try await cluster.wait("the update is under way") {
      try await pods(cluster).contains { $0.containers[0].image == "game:2" }
    }
    // As in a cluster that is told in time: the endpoint goes, then the process ends.
    try await cluster.lead(to: [third])
    second.process.send(15)
    #expect(try second.process.waitForExit() == .code(0), "\(second.process.standardError)")
    try await cluster.wait("all servers are updated", within: Self.patience) {
      try await isReady(cluster, image: "game:2")
    }
    let found = try await pods(cluster)
    #expect(found.map(\.ordinal).sorted() == Array(0..<Self.servers))
    #expect(found.allSatisfy { $0.containerStatuses.first?.restartCount == 1 })
    try await expectDistinctPorts(cluster)
    #expect(canary.asked > 0)
    #expect(canary.failures == [])
  }

  private func pods(_ cluster: TestCluster) async throws -> [Pod] {
    try await cluster.servers("arena").map { $0.as(Pod.self) }
  }

  private func isReady(_ cluster: TestCluster, image: String) async throws -> Bool {
    let states = try await cluster.states("arena")
    guard states.count == Self.servers, states.allSatisfy({ $0 == "Ready" }) else { return false }
    // The label as well: it is written after the pod has changed, and the server's state follows it.
    return try await pods(cluster).allSatisfy {
      $0.containers[0].image == image && $0.isReady && $0.metadata.labels[GameLabels.state] == "Ready"
    }
  }

  /// No two pods of a node have the same port of it.
  private func expectDistinctPorts(_ cluster: TestCluster) async throws {
    var seen: Set<String> = []
    for pod in try await pods(cluster) {
      let port = try #require(pod.json["spec"]?["containers"]?[0]?["ports"]?[0]?["hostPort"]?.int)
      #expect(seen.insert("\(pod.nodeName):\(port)").inserted, "port \(port) twice on \(pod.nodeName)")
    }
  }
}

/// Creates a pod in dry run, over and over, and keeps what is refused: each of them is a review.
final class Canary: Sendable {
  private let cluster: TestCluster
  private let state = Mutex((asked: 0, failures: [String]()))

  init(_ cluster: TestCluster) { self.cluster = cluster }

  var asked: Int { state.withLock { $0.asked } }
  var failures: [String] { state.withLock { $0.failures } }

  func run() async throws {
    while !Task.isCancelled {
      do throws(KubernetesError) {
        try await cluster.client.create(
          .pods, namespace: "default", TestCluster.pod("canary-0", of: "arena"), isDryRun: true)
      } catch {
        guard !Task.isCancelled else { return }
        state.withLock { $0.failures.append(error.message) }
      }
      state.withLock { $0.asked += 1 }
    }
  }
}
