import ArgumentParser
import Controllers
import JSON
import Kubernetes
import SimulatedCluster

/// Prints what it takes to run many game servers, all parts of a simulated cluster in one process.
struct ClusterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster", abstract: "Print the cost of running many game servers.",
    discussion: """
      The cluster, its nodes and the controllers run in one process on a clock of their own. The controllers' share is \
      measured around their passes.
      """)

  @Option(help: ArgumentHelp("Game servers in all.", valueName: "count"))
  var servers = 10_000

  @Option(help: ArgumentHelp("Sets that the servers are spread over.", valueName: "count"))
  var sets = 100

  @Option(help: ArgumentHelp("Nodes.", valueName: "count"))
  var nodes = 1_000

  func validate() throws {
    guard sets > 0, servers >= sets, nodes > 0 else {
      throw ValidationError("--servers, --sets and --nodes take counts above 0, and --servers at least --sets.")
    }
  }

  func run() async throws {
    let simulation = try await GameSimulation(nodes: nodes)
    var table = Table(
      "\(servers) servers in \(sets) sets on \(nodes) nodes", "wall", "CPU", "controllers", "writes", "memory")
    let empty = ProcessReading.now
    for index in 0..<sets { try await simulation.createSet("game-\(index)", replicas: servers / sets) }
    try await simulation.run(.seconds(120))
    table.add(simulation.row("create", since: empty, perServer: servers))
    let created = ProcessReading.now
    let updated = max(1, sets / 10)
    for index in 0..<updated { try await simulation.update("game-\(index)", image: "game:2") }
    try await simulation.run(.seconds(600))
    table.add(
      simulation.row("update \(servers / sets * updated) in place", since: created, perServer: servers / sets * updated)
    )
    let quiet = ProcessReading.now
    try await simulation.run(.seconds(600))
    table.add(simulation.row("ten quiet minutes", since: quiet, perServer: servers))
    print(table.text)
    print("ready: \(simulation.readyServers) of \(servers)")
  }
}
