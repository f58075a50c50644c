import ClusterSemantics
import KubeClient
import SimulatedCluster

/// The simulated cluster that the tests of one run share, in place of a real one.
actor SharedCluster {
  static let shared = SharedCluster()

  private var running: (cluster: LiveCluster, server: TestServer, life: Task<Void, Never>)?

  func server() throws -> TestServer {
    if let running { return running.server }
    var settings = LiveCluster.Settings()
    settings.nodes = 0
    let cluster = try LiveCluster(settings)
    var configuration = ClientConfiguration(endpoint: Endpoint(server: "http://\(try cluster.start())"))
    configuration.limits.queriesPerSecond = 0
    let server = TestServer(name: "simulation", configuration: configuration, hasControllers: true) { command in
      switch command {
      case .compact: cluster.server.compact()
      // A simulated server keeps everything in memory; what a restart shows to clients is that connections end.
      case .stop: cluster.front.cutWatches()
      case .start: break
      }
    }
    running = (cluster, server, Task { await cluster.run() })
    return server
  }
}
