import ClusterSemantics
import Testing

/// The semantics against a real kube-apiserver, one after the other: they share the server with tests that restart it.
@Suite(.serialized, .enabled(if: RealCluster.assets != nil, Comment(rawValue: RealCluster.explanation)))
struct RealServerTests {
  @Test(
    "the real API server behaves as the product expects",
    arguments: SemanticsCase.all.filter { RealCluster.hasControllers || !$0.needsControllers })
  func holds(_ semantics: SemanticsCase) async throws {
    let server = try await RealCluster.shared.server()
    try await semantics.check(server)
    try RealCluster.leaveMark("\(server.name): \(semantics)")
  }
}
