import JSON

/// A part of the demonstration: what is done to one set of game servers, and what must be true afterwards.
///
/// Pure data, so that a scenario reads as a list and a new one is a list too.
struct DemoScenario: Sendable {
  /// The word for `--scenario`.
  let name: String
  /// What it shows, in one sentence.
  let title: String
  /// The set that it is about.
  let set: String
  /// The columns of the table beside name, state and operational state.
  let columns: [DemoColumn]
  /// What happens, in order.
  let steps: [DemoStep]

  /// Every scenario, in the order of the demonstration.
  static let all: [DemoScenario] = [
    create, hostPorts, hotUpdate, takeOut, kill, scaleIn, serviceQuality, hotReload,
  ]
}

/// One step of a scenario.
struct DemoStep: Sendable {
  /// What is done and what follows from it, in one sentence.
  let title: String
  /// What is done.
  let actions: [DemoAction]
  /// What becomes true after a while, all of it at the same moment.
  let expectations: [DemoExpectation]
  /// How long it has to stay true, in the cluster's time.
  let steady: Duration

  init(
    _ title: String, _ actions: DemoAction..., expect expectations: [DemoExpectation], steady: Duration = .zero
  ) {
    self.title = title
    self.actions = actions
    self.expectations = expectations
    self.steady = steady
  }
}
