import ArgumentParser
import JSON
import KubeClient
import Kubernetes
import SimulatedCluster

/// Prints what it costs to list pods into a store and to follow their changes, over HTTP.
struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Print the cost of listing and watching pods.",
    discussion: "The API server is the simulated one, in the same process: its own work is in the times.")

  @Option(help: ArgumentHelp("Pods in the cluster.", valueName: "count"))
  var pods = 10_000

  @Option(help: ArgumentHelp("The review whose pod is multiplied.", valueName: "file"))
  var body = "deploy/bench.d/pod-plain.review.json"

  func run() async throws {
    let review = try JSONDocument(ReviewBody.read(body))
    guard let pod = review.root["request"]?["object"].map(JSONValue.init) else {
      throw ValidationError("\(body) holds no review of a pod.")
    }
    let server = SimulatedAPIServer(clock: ScaledClock(), logLimit: pods * 3)
    let direct = InProcessClient(server)
    try await direct.create(
      .namespaces, namespace: "",
      [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "games"],
      ])
    for index in 0..<pods { try await direct.create(.pods, namespace: "games", named(pod, index)) }
    let front = try SimulatedFront(server)
    let address = try front.start()
    let client = KubeClient(ClientConfiguration(endpoint: Endpoint(server: "http://\(address)")))
    let store = ObjectStore()
    let informers = Informers(client, store, [InformerDeclaration(.pods)])
    let table = try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await front.run() }
      group.addTask { await informers.run() }
      let table = try await measure(informers, store, direct)
      group.cancelAll()
      return table
    }
    print(table.text)
    client.shutDown()
    // Nothing else wants this thread any more, so it may wait for the server's.
    front.stop()
  }

  private func measure(_ informers: Informers, _ store: ObjectStore, _ direct: InProcessClient) async throws -> Table {
    let before = ProcessReading.now
    guard await informers.waitUntilSynced() else { throw ValidationError("The store never synced.") }
    let listed = ProcessReading.now
    try await change(direct)
    await settle(store)
    let watched = ProcessReading.now
    var table = Table("\(pods) pods over HTTP", "wall", "CPU", "objects/s", "memory/object")
    table.add(row("list into the store", before, listed, bytes: listed.resident - before.resident))
    table.add(row("one change each, by watch", listed, watched, bytes: 0))
    return table
  }

  private func named(_ pod: JSONValue, _ index: Int) -> JSONValue {
    var pod = pod
    pod["metadata"]?["name"] = .string("game-\(index)")
    pod["metadata"]?["namespace"] = "games"
    for field in ["uid", "creationTimestamp", "generateName", "resourceVersion"] { pod["metadata"]?[field] = nil }
    return pod
  }

  private func change(_ client: InProcessClient) async throws {
    for index in 0..<pods {
      let patch: JSONValue = ["metadata": ["labels": ["round": "2"]]]
      try await client.patch(.pods, NamespacedName("games", "game-\(index)"), .merge(patch))
    }
  }

  /// Waits until the store shows the last change.
  private func settle(_ store: ObjectStore) async {
    let last = NamespacedName("games", "game-\(pods - 1)")
    while store.pod(last)?.metadata.labels["round"] != "2" { await Task.yield() }
  }

  private func row(_ title: String, _ start: ProcessReading, _ end: ProcessReading, bytes: Int) -> [String] {
    let wall = start.instant.duration(to: end.instant)
    let perSecond = Double(pods) / (wall / .seconds(1))
    return [
      title, "\(Table.decimal(wall / .milliseconds(1))) ms",
      "\(Table.decimal((end.cpu - start.cpu) / .milliseconds(1))) ms", "\(Int(perSecond))",
      bytes > 0 ? "\(bytes / pods) B" : "",
    ]
  }
}
