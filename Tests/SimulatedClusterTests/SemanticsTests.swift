import ClusterSemantics
import Testing

/// The semantics that the real API server is held to, against the simulated one over HTTP: one after the other, because some of them make
/// the server forget versions.
@Suite(.serialized)
struct SemanticsTests {
  @Test("the simulated API server behaves as the real one", arguments: SemanticsCase.all)
  func holds(_ semantics: SemanticsCase) async throws {
    try await semantics.check(try await SharedCluster.shared.server())
  }
}
