public import Kubernetes

/// A part of the simulated cluster that acts on what it sees: a scheduler, a kubelet, a workload controller.
///
/// It is an ordinary client of the API and knows the cluster through a store, so it also runs against a real API server. It acts in passes:
/// whoever runs it calls ``step(now:)`` until nothing changes, then moves the clock to the earliest moment that a pass asked for.
public protocol SimulatedController: Sendable {
  /// The name in logs.
  var name: String { get }

  /// Does what is due, and answers whether it changed anything.
  func step(now: Timestamp) async -> Bool

  /// The next moment at which something falls due without any change in the cluster; nil where nothing waits.
  var nextDue: Timestamp? { get }
}
