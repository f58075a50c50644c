import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The network of a pod on its way out")
struct TerminatingPodTests {
  @Test("is not made again when its Service goes first")
  func serviceStaysAway() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("Kubernetes-NodePort", ["PortProtocols": "80"])
    try await harness.run()
    try await harness.patch(.pods, "game-0", ["metadata": ["finalizers": ["example.com/hold"]]])
    try await harness.kill("game-0")
    try await harness.client.delete(.services, NamespacedName("default", "game-0"))
    try await harness.run()
    #expect(harness.pod("game-0")?.metadata.isBeingDeleted == true)
    #expect(harness.service("game-0") == nil)
    #expect(harness.state("game-1") == .ready)
    try await harness.patch(.pods, "game-0", ["metadata": ["finalizers": .null]])
    try await harness.run()
    #expect(harness.pod("game-0")?.metadata.isBeingDeleted == false)
    #expect(harness.state("game-0") == .ready)
  }
}
