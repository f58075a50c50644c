import ArgumentParser
import JSON
import Kubernetes
import Scaler

/// Prints what KEDA's calls cost, with few and with many pods in the store.
struct ScalerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaler", abstract: "Print the cost of the external scaler's calls and streams.",
    discussion: """
      h2load (Debian's nghttp2-client) makes the load over one connection with 32 streams, so the CPU is the server's alone. Without it the load \
      comes from this process, and the CPU is that of both sides.
      """)

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Pods in the store, one table row each.", valueName: "count"))
  var pods = [1_000, 10_000]

  @Option(help: ArgumentHelp("Calls for each row.", valueName: "count"))
  var calls = 100_000

  @Option(help: ArgumentHelp("Streams that are open at once.", valueName: "count"))
  var streams = 1_000

  func validate() throws {
    guard pods.allSatisfy({ (1...1_000_000).contains($0) }), calls > 0 else {
      throw ValidationError("--pods takes 1 to 1000000, and --calls at least 1.")
    }
    // The server takes 1,024 streams on a connection.
    guard (1...1_000).contains(streams) else { throw ValidationError("--streams takes 1 to 1000.") }
  }

  func run() throws {
    // First and all at once: a server that has ended leaves memory behind that the next one would take.
    var memory = Table("StreamIsActive, open", "connections", "memory", "KB each")
    let held = try [1, 10].map { connections in
      let open = try OpenStreams(streams / connections, over: connections)
      memory.add(open.cells)
      return open
    }
    for open in held { open.server.stop() }
    let loader: any ScalerLoad = if let found = H2Load() { found } else { OwnLoad() }
    var costs = Table("GetMetrics by \(loader.name)", "calls/s", "CPU µs each", "failed")
    for count in pods { costs.add(try cost(count, loader)) }
    print(costs.text, memory.text, separator: "\n\n")
  }

  private func cost(_ pods: Int, _ loader: any ScalerLoad) throws -> [String] {
    let store = Self.makeStore(pods: pods)
    let server = try ScalerServer(store: store, bind: "127.0.0.1:0")
    let address = try server.start()
    defer { server.stop() }
    // The first calls warm up and do not count.
    _ = try loader.load(address, calls: max(1, calls / 10))
    let before = ProcessReading.now
    let failed = try loader.load(address, calls: calls)
    let after = ProcessReading.now
    let wall = before.instant.duration(to: after.instant) / .seconds(1)
    return [
      "\(pods) pods", "\(Int(Double(calls) / wall))",
      Table.decimal((after.cpu - before.cpu) / .microseconds(1) / Double(calls)), "\(failed)",
    ]
  }

  /// A store with one set, `games/arena`, that owns all pods: every third is taken, every tenth marked.
  static func makeStore(pods: Int) -> ObjectStore {
    let store = ObjectStore()
    let status: JSONValue = [
      "replicas": .int(pods), "currentReplicas": .int(pods), "waitToBeDeletedReplicas": 0,
    ]
    let set: JSONValue = [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
      "metadata": ["name": "arena", "namespace": "games"], "spec": ["replicas": .int(pods)], "status": status,
    ]
    store.replace(.gameServerSets, with: [KubernetesObject(set)])
    let objects = (0..<pods).map { ordinal in
      let state = ordinal % 10 == 0 ? "WaitToBeDeleted" : ordinal % 3 == 0 ? "Allocated" : "None"
      let labels: JSONValue = [
        "game.kruise.io/owner-gss": "arena", "game.kruise.io/gs-opsState": .string(state),
        "game.kruise.io/gs-state": "Ready",
      ]
      return KubernetesObject([
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": .string("arena-\(ordinal)"), "namespace": "games", "labels": labels],
      ])
    }
    store.replace(.pods, with: objects)
    return store
  }
}

/// A server with streams that follow a set, and their clients.
private struct OpenStreams {
  let server: ScalerServer
  /// A line of the table: the memory of the process that they took, the clients' few buffers included.
  let cells: [String]
  private let clients: [ScalerClient]

  /// Opens streams, and waits for the first state of each.
  init(_ streams: Int, over connections: Int) throws {
    server = try ScalerServer(store: ScalerCommand.makeStore(pods: 1_000), bind: "127.0.0.1:0")
    let address = try server.start()
    clients = try (0..<connections).map { _ in try ScalerClient(address) }
    let before = ProcessReading.now
    for client in clients { try client.follow(streams) }
    let grown = ProcessReading.now.resident - before.resident
    cells = [
      "\(streams * connections) streams", "\(connections)", "\(Table.decimal(Double(grown) / 1_048_576)) MB",
      Table.decimal(Double(grown) / 1_024 / Double(streams * connections)),
    ]
  }
}
