import Glibc
import Synchronization

/// The demonstration from its first line to its last.
struct DemoShow: Sendable {
  /// What is played, in order.
  let scenarios: [DemoScenario]
  /// Where the kubeconfig goes of a cluster that stays up; nil for one that ends with the last scenario.
  let keptAt: String?

  /// Plays the scenarios that were asked for; answers whether everything came out as it should.
  func play(_ cluster: DemoCluster) async throws -> Bool {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let screen = DemoScreen(isLive: isTerminal) { Terminal.bytes(Array($0.utf8)) }
    defer { screen.close() }
    screen.line(
      "a simulated cluster at \(cluster.server), and the manager is up; everything is in the namespace \(DemoSet.namespace)"
    )
    let player = DemoPlayer(cluster: cluster, screen: screen)
    var results: [DemoResult] = []
    for scenario in scenarios { results.append(try await player.play(scenario)) }
    screen.close()
    summarize(results, cluster, screen)
    if let keptAt { try await stay(cluster, screen, keptAt) }
    return results.allSatisfy { $0.failure == nil }
  }

  private func summarize(_ results: [DemoResult], _ cluster: DemoCluster, _ screen: DemoScreen) {
    screen.heading("results")
    let width = results.map(\.name.count).max() ?? 0
    for result in results {
      let name = result.name + String(repeating: " ", count: width - result.name.count)
      let word = result.failure == nil ? "passed" : "FAILED"
      screen.line(
        " \(name)  \(word)  \(result.checks) checks, \(DemoScreen.seconds(result.time)) of the cluster's time")
    }
    let failures = results.count { $0.failure != nil }
    screen.line(
      failures == 0
        ? "all of it came out as it should; the API server asked for \(cluster.reviews) reviews over TLS"
        : "\(failures) of \(results.count) scenarios failed")
  }

  private func stay(_ cluster: DemoCluster, _ screen: DemoScreen, _ kubeconfig: String) async throws {
    try SimulationFiles.writeKubeconfig(kubeconfig, server: cluster.server, authority: cluster.authority)
    screen.line(
      """

      The cluster and the manager stay up until Ctrl-C. In another terminal:
        export KUBECONFIG=\(kubeconfig)
        kubectl -n \(DemoSet.namespace) get gss,gs,pods
        kubectl -n \(DemoSet.namespace) scale gss \(scenarios.last?.set ?? "lobby") --replicas 6
        kubectl -n \(DemoSet.namespace) get events
      """)
    do {
      // A year: until somebody ends it.
      try await Task.sleep(for: .seconds(365 * 86_400))
    } catch is CancellationError {
      return
    }
  }
}

/// What the demonstration came to, handed from its task to the main thread.
final class DemoOutcome: Sendable {
  private let result = Mutex<Result<Bool, any Error>?>(nil)

  /// The result; nil while it runs.
  var value: Result<Bool, any Error>? { result.withLock { $0 } }

  /// Hands the result over.
  func set(_ value: Result<Bool, any Error>) { result.withLock { $0 = value } }
}
