import ArgumentParser
import JSON
import Kubernetes
import Scaler

/// `gatehouse scale`: what the external scaler does.
struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Tell what the external scaler would answer, and why.",
    subcommands: [ScaleExplainCommand.self])
}

/// `gatehouse scale explain`: how many replicas a set should have now, number by number.
struct ScaleExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell how many replicas KEDA would be told, number by number.",
    discussion: """
      The trigger's metadata is that of the ScaledObjects in the cluster or among the manifests, or what --metadata gives.

      Examples:
        gatehouse scale explain games/arena --kubeconfig ~/.kube/config
        gatehouse scale explain games/arena --objects manifests/
        gatehouse scale explain games/arena --objects manifests/ --metadata minAvailable=3 --metadata maxAvailable=10
      """)

  @Argument(help: ArgumentHelp("The GameServerSet.", valueName: "namespace/name"))
  var set: String

  @Option(
    help: ArgumentHelp(
      "A manifest, or a folder of them, that stands in for the cluster (repeatable).",
      discussion: "Without it, the cluster is asked.", valueName: "path"))
  var objects: [String] = []

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Option(help: ArgumentHelp("An entry of the trigger's metadata (repeatable).", valueName: "key=value"))
  var metadata: [String] = []

  @Option(help: ArgumentHelp("The moment for which schedules are read (RFC 3339); now by default.", valueName: "time"))
  var at: String?

  @Option(name: [.short, .customLong("output")], help: "How the answer is written.")
  var output = ListFormat.text

  func run() throws {
    let key = try parseKey()
    let time = try parseTime()
    let view = objects.isEmpty ? try ScalingView.cluster(key, cluster) : try ScalingView.manifests(key, objects)
    let index = SetIndex(following: view.store)
    let explanations = try sources(view.triggers).map { found, bounds, entries in
      try explain(key, found, bounds, entries, index, time, view)
    }
    switch output {
    case .text: Terminal.line(explanations.map(\.text).joined(separator: "\n\n"))
    case .json: Terminal.line(JSONValue.array(explanations.map(\.value)).text)
    }
  }

  private func parseKey() throws -> NamespacedName {
    let parts = set.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts.contains("") else {
      throw CommandFailure("\(set): a set is named as NAMESPACE/NAME")
    }
    return NamespacedName(parts[0], parts[1])
  }

  private func parseTime() throws -> Timestamp {
    guard let at else { return .now() }
    guard let time = Timestamp(at) else {
      throw CommandFailure("--at takes a time such as 2026-01-05T18:00:00Z, not \(at)")
    }
    return time
  }

  /// The metadata of the command line, or else of each ScaledObject, or else none.
  private func sources(
    _ found: [ScaledObjectTriggers.Found]
  ) throws -> [(String, ClosedRange<Int>?, [String: String])] {
    guard metadata.isEmpty else {
      var entries: [String: String] = [:]
      for entry in metadata {
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw CommandFailure("--metadata takes KEY=VALUE, not \(entry)") }
        entries[parts[0]] = parts[1]
      }
      return [("--metadata", nil, entries)]
    }
    return found.isEmpty ? [("no ScaledObject", nil, [:])] : found.map { ($0.source, $0.bounds, $0.metadata) }
  }

  private func explain(
    _ key: NamespacedName, _ source: String, _ bounds: ClosedRange<Int>?, _ entries: [String: String],
    _ index: SetIndex, _ time: Timestamp, _ view: ScalingView
  ) throws -> ScaleExplanation {
    let trigger: Trigger
    do {
      trigger = try Trigger(entries)
    } catch {
      throw CommandFailure("\(source): \(error)")
    }
    guard let snapshot = index.snapshot(key, capacity: trigger.players?.perServer) else {
      throw CommandFailure("GameServerSet \(key) was not found in \(view.place)")
    }
    return ScaleExplanation(
      key: key, source: source, bounds: bounds, trigger: trigger,
      decision: ScalingDecision(trigger, snapshot, at: time),
      isActive: Activity.isActive(trigger, snapshot, at: time))
  }
}
