public import Kubernetes
public import Logging
import Telemetry

/// Writes Kubernetes `Event`s about objects, for people who ask `kubectl describe`.
///
/// Recording never waits and never fails: events are a courtesy, and where the API server is slow they are the first to go.
public final class EventWriter: EventRecorder {
  /// Occurrences that wait to be written: a second's worth of the busiest reconciler.
  static let limit = 1000

  private let client: any ClusterWriter
  private let component: String
  private let instance: String
  private let log: Logger
  private let occurrences: AsyncStream<EventAggregator.Occurrence>
  private let inlet: AsyncStream<EventAggregator.Occurrence>.Continuation

  /// Describes who reports.
  ///
  /// - Parameters:
  ///   - component: The name of the program.
  ///   - instance: The name of the pod.
  public init(
    _ client: any ClusterWriter, component: String, instance: String, log: Logger = Logger(label: "events")
  ) {
    self.client = client
    self.component = component
    self.instance = instance
    self.log = log
    (occurrences, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
  }

  /// Takes note of what happened to an object.
  public func record(_ event: ClusterEvent, on object: ObjectReference) {
    // The API server refuses messages over 1024 bytes; cutting by scalars keeps them whole.
    var text = event.message
    while text.utf8.count > 1024 { text.unicodeScalars.removeLast() }
    inlet.yield(
      EventAggregator.Occurrence(
        object: object, isWarning: event.kind == .warning, reason: event.reason, message: text))
  }

  /// Writes what is recorded until the task is cancelled; called once.
  public func run() async {
    var aggregator = EventAggregator(seed: .random(in: 0 ... .max))
    for await occurrence in occurrences {
      guard let write = aggregator.take(occurrence, .now, .now()) else { continue }
      do throws(KubernetesError) {
        try await perform(write)
      } catch {
        // A count for an event that has run out (after an hour), or one that was never made.
        if error.code == .notFound { aggregator.forget(occurrence.object) }
        log.debug("an event is lost", metadata: ["reason": "\(occurrence.reason)", "error": "\(error)"])
      }
    }
  }

  private func perform(_ write: EventAggregator.Write) async throws(KubernetesError) {
    switch write {
    case .create(let name, let record):
      let value = record.value(name: name, component: component, instance: instance)
      try await client.create(.events, namespace: record.namespace, value)
    case .count(let name, let record):
      try await client.patch(.events, NamespacedName(record.namespace, name), .merge(record.change))
    }
  }
}
