import Kubernetes

/// Something that did not come out as it should.
struct DemoFailure: Error, Sendable, CustomStringConvertible {
  /// What should have been.
  let expected: String
  /// What was.
  let seen: String

  var description: String { "expected: \(expected)\nseen: \(seen)" }
}

/// What became of a scenario.
struct DemoResult: Sendable {
  /// The scenario's word.
  let name: String
  /// How many expectations were met.
  let checks: Int
  /// How long it took in the cluster.
  let time: Duration
  /// Why it ended early; nil where everything came out as it should.
  let failure: DemoFailure?
}

/// Plays scenarios: does each step, and looks until everything is as expected or patience ends.
struct DemoPlayer {
  /// How long a step may take outside: a hundred times what it takes at its slowest, because machines can be busy.
  static let patience = Duration.seconds(60)
  /// How often to look: as often as eyes can follow.
  static let interval = Duration.milliseconds(40)
  /// How long expectations are met before they count, outside: what a change brings about may follow it by some passes of the controllers.
  private static let calm = Duration.milliseconds(250)
  /// How long a step stays before the next one begins, in the cluster's time, for eyes that read.
  private static let pause = Duration.seconds(2)

  let cluster: DemoCluster
  let screen: DemoScreen

  /// Plays a scenario to its end, or to the first expectation that is not met.
  ///
  /// - Throws: `CancellationError` when somebody ends the demonstration.
  func play(_ scenario: DemoScenario) async throws -> DemoResult {
    screen.heading("\(scenario.name): \(scenario.title)")
    let start = cluster.now
    var checks = 0
    for step in scenario.steps {
      do {
        try await play(step, scenario)
        checks += step.expectations.count + step.actions.count { if case .refused = $0 { true } else { false } }
      } catch let failure as DemoFailure {
        screen.table(cluster.look(scenario.set).table(scenario.columns))
        screen.failed(failure)
        return DemoResult(name: scenario.name, checks: checks, time: cluster.now - start, failure: failure)
      }
    }
    return DemoResult(name: scenario.name, checks: checks, time: cluster.now - start, failure: nil)
  }

  private func play(_ step: DemoStep, _ scenario: DemoScenario) async throws {
    let before = cluster.look(scenario.set)
    let start = cluster.now
    screen.step(step.title)
    for action in step.actions {
      screen.action(action.text(set: scenario.set))
      if let message = try await cluster.perform(action, on: scenario.set) { screen.answer(message) }
    }
    let met = try await meet(step, scenario, before)
    screen.passed(step.expectations.map(\.text), after: met - start, for: step.steady)
    screen.table(cluster.look(scenario.set).table(scenario.columns))
    try await rest(scenario)
  }

  /// Looks until all expectations have been met together for as long as they have to be; answers since when.
  private func meet(
    _ step: DemoStep, _ scenario: DemoScenario, _ before: DemoView
  ) async throws -> Timestamp {
    let deadline = ContinuousClock.now + Self.patience
    let steady = max(cluster.outside(step.steady), Self.calm)
    var met: (at: Timestamp, since: ContinuousClock.Instant)?
    while true {
      let view = cluster.look(scenario.set)
      let open = step.expectations.compactMap { expectation in
        expectation.complaint(view, before: before).map { (expectation.text, $0) }
      }
      screen.live(view.table(scenario.columns), waitingFor: open.map(\.0))
      if let first = open.first {
        met = nil
        guard ContinuousClock.now < deadline else { throw DemoFailure(expected: first.0, seen: first.1) }
      } else {
        let since = met ?? (cluster.now, .now)
        guard since.since.duration(to: .now) < steady else { return since.at }
        met = since
      }
      try await Task.sleep(for: Self.interval)
    }
  }

  private func rest(_ scenario: DemoScenario) async throws {
    let end = ContinuousClock.now + cluster.outside(Self.pause)
    while ContinuousClock.now < end {
      screen.live(cluster.look(scenario.set).table(scenario.columns), waitingFor: [])
      try await Task.sleep(for: min(Self.interval, end - .now))
    }
  }
}
