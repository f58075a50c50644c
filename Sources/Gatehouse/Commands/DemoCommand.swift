import ArgumentParser
import EventLoop
import Glibc
import Logging
import Telemetry

/// `gatehouse demo`: the product at work in a simulated cluster, with what must be true checked at every step.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Show the whole product at work in a simulated cluster.",
    discussion: """
      Starts a simulated cluster in the process, runs the real manager against its API server (watches, writes and admission \
      reviews all go over TLS), applies sets of game servers and plays scenarios. Each step says what it does, and waits for what \
      must come of it; the first thing that does not come ends the command with code 1 and says what was expected.

      Scenarios:
      \(DemoScenario.all.map { "  \($0.name): \($0.title)" }.joined(separator: "\n"))

      Example:
        gatehouse demo --scenario hot-reload --keep
      """)

  @Option(help: "How many times as fast as outside time passes in the cluster.")
  var speed = 5.0

  @Option(
    help: ArgumentHelp("Play this scenario only (repeatable); all plays every one.", valueName: "name"))
  var scenario: [String] = []

  @Flag(help: "Stay up after the last scenario, for kubectl, until Ctrl-C.")
  var keep = false

  @Option(help: ArgumentHelp("Where the kubeconfig is written with --keep.", valueName: "file"))
  var kubeconfig = "demo.kubeconfig"

  @Option(
    help: ArgumentHelp(
      "Manifests of the product's types, such as deploy/crds; without them the types take any field.", valueName: "path"
    ))
  var crds: String?

  @Option(help: "The least important of the manager's log lines to write to standard error.")
  var logLevel = LoggingOptions.Level.error

  func validate() throws {
    guard speed > 0, speed <= 1000 else { throw ValidationError("--speed takes a number above 0, at most 1000") }
    let known = DemoScenario.all.map(\.name)
    if let other = scenario.first(where: { $0 != "all" && !known.contains($0) }) {
      throw ValidationError("--scenario takes \(known.joined(separator: ", ")) or all, not \(other).")
    }
  }

  func run() throws {
    // Signals first: threads inherit what their maker blocks.
    let main = try EventLoop(name: "main")
    var isAsked = false
    let signals = try SignalWatcher([.terminate, .interrupt], on: main) { _ in isAsked = true }
    let level = logLevel.level
    var settings = DemoCluster.Settings()
    settings.speed = speed
    settings.definitions = try crds.map { try SimulateCommand.objects(in: [$0]) } ?? []
    let cluster = try DemoCluster(
      settings, Logger(label: "gatehouse") { LineLogHandler(label: $0, format: .text, level: level) })

    let outcome = DemoOutcome()
    let show = DemoShow(scenarios: chosen, keptAt: keep ? kubeconfig : nil)
    let life = Task {
      outcome.set(await Self.result { try await cluster.run { try await show.play(cluster) } })
      _ = main.submit {}
    }
    var isCancelled = false
    while outcome.value == nil {
      try main.turn()
      if isAsked, !isCancelled {
        isCancelled = true
        life.cancel()
      }
    }
    cluster.close()
    _ = consume signals
    try finish(outcome.value, isCancelled: isCancelled)
  }

  private var chosen: [DemoScenario] {
    scenario.isEmpty || scenario.contains("all")
      ? DemoScenario.all : DemoScenario.all.filter { scenario.contains($0.name) }
  }

  private func finish(_ result: Result<Bool, any Error>?, isCancelled: Bool) throws {
    switch result {
    case .success(true)?: return
    case .failure(let failure as CommandFailure)?: throw failure
    // Whoever ends a demonstration that stays up has seen it to its end.
    case .failure(is CancellationError)? where isCancelled: throw ExitCode(128 + SIGINT)
    case .success(false)?, .failure?, nil: throw ExitCode(ExitStatus.refused)
    }
  }

  private static func result(_ body: () async throws -> Bool) async -> Result<Bool, any Error> {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
