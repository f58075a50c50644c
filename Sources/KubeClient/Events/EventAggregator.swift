import JSON
import Kubernetes
import Telemetry

/// Decides what becomes of each occurrence: a new `Event`, one more in the count of an old one, or nothing.
///
/// The rules are those of Kubernetes' own recorder. The same message about the same object counts up; more than ten different messages of
/// one reason about one object within ten minutes are shown as one; and an object that never stops is heard once in five minutes.
struct EventAggregator: Sendable {
  /// Something that happened.
  struct Occurrence: Sendable, Hashable {
    let object: ObjectReference
    let isWarning: Bool
    let reason: String
    let message: String
  }

  /// What is to be written.
  enum Write: Sendable, Equatable {
    case create(name: String, EventRecord)
    case count(name: String, EventRecord)
  }

  /// Objects that are remembered, at some 600 bytes each; the longest silent is forgotten.
  static let memory = 4096
  /// Different messages of one reason before they are shown as one, and the time in which they count.
  static let similarLimit = 10
  static let similarWindow = Duration.seconds(600)
  /// Events of one object at once, and the rate at which the right to them comes back.
  static let burst = 25
  static let rate = 1.0 / 300

  /// What is remembered of an object: lists and not dictionaries, because nearly every object has one event or two.
  private struct Memory {
    var bucket: TokenBucket
    var topics: [Topic] = []
    var written: [Written] = []
    var heardAt: ContinuousClock.Instant
  }

  /// The messages of one reason.
  private struct Topic {
    let isWarning: Bool
    let reason: String
    /// The hashes of the different messages: which they are does not matter, only how many.
    var messages: [Int] = []
    var since: ContinuousClock.Instant
  }

  /// An event that was written.
  private struct Written {
    let isWarning: Bool
    let reason: String
    let message: String
    let name: String
    let first: WallTime
    var count = 1

    func isOf(_ occurrence: Occurrence) -> Bool {
      isWarning == occurrence.isWarning && reason == occurrence.reason && message == occurrence.message
    }
  }

  /// By the objects' unique ids, or by what tells those apart that have none.
  private var objects: [String: Memory] = [:]
  private var serial: UInt64

  /// - Parameter seed: Makes the names unlike those of an earlier process.
  init(seed: UInt64) { serial = seed }

  /// What is to be written for an occurrence; nil where it is left out.
  mutating func take(_ occurrence: Occurrence, _ now: ContinuousClock.Instant, _ wall: WallTime) -> Write? {
    let object = Self.identity(occurrence.object)
    if objects[object] == nil { makeRoom() }
    var memory =
      objects[object] ?? Memory(bucket: TokenBucket(rate: Self.rate, burst: Self.burst, now: now), heardAt: now)
    defer { objects[object] = memory }
    memory.heardAt = now
    guard memory.bucket.take(now, patience: .zero) != nil else { return nil }
    // The API server keeps events for an hour, in which the rate lets no more than 37 of one object pass.
    if memory.written.count >= 64 { memory.written = [] }
    if memory.topics.count >= 64 { memory.topics = [] }
    let shown = aggregate(occurrence, &memory, now)
    if let place = memory.written.firstIndex(where: { $0.isOf(shown) }) {
      memory.written[place].count += 1
      let written = memory.written[place]
      return .count(name: written.name, record(occurrence, shown, written, wall))
    }
    serial &+= 1
    let written = Written(
      isWarning: shown.isWarning, reason: shown.reason, message: shown.message,
      name: "\(occurrence.object.key.name.prefix(200)).\(String(serial, radix: 16))", first: wall)
    memory.written.append(written)
    return .create(name: written.name, record(occurrence, shown, written, wall))
  }

  /// The API server no longer has an event that was to be counted up: the next occurrence makes it anew.
  mutating func forget(_ object: ObjectReference) { objects[Self.identity(object)]?.written = [] }

  private static func identity(_ object: ObjectReference) -> String {
    object.uid.isEmpty ? "\(object.resource) \(object.key)" : object.uid
  }

  /// The occurrence itself, or the one that stands for all similar ones.
  private func aggregate(
    _ occurrence: Occurrence, _ memory: inout Memory, _ now: ContinuousClock.Instant
  ) -> Occurrence {
    let known = memory.topics.firstIndex { $0.isWarning == occurrence.isWarning && $0.reason == occurrence.reason }
    let place = known ?? memory.topics.endIndex
    let fresh = Topic(isWarning: occurrence.isWarning, reason: occurrence.reason, since: now)
    if known == nil { memory.topics.append(fresh) }
    if memory.topics[place].since.duration(to: now) > Self.similarWindow { memory.topics[place] = fresh }
    let message = occurrence.message.hashValue
    if memory.topics[place].messages.count <= Self.similarLimit, !memory.topics[place].messages.contains(message) {
      memory.topics[place].messages.append(message)
    }
    guard memory.topics[place].messages.count > Self.similarLimit else { return occurrence }
    return Occurrence(
      object: occurrence.object, isWarning: occurrence.isWarning, reason: occurrence.reason,
      message: Self.combined)
  }

  private static let combined = "(combined from similar events)"

  /// Of similar events the newest message is shown.
  private func record(
    _ occurrence: Occurrence, _ shown: Occurrence, _ written: Written, _ wall: WallTime
  ) -> EventRecord {
    let isCombined = shown.message == Self.combined && occurrence.message != Self.combined
    let shown =
      isCombined
      ? Occurrence(
        object: shown.object, isWarning: shown.isWarning, reason: shown.reason,
        message: "\(Self.combined): \(occurrence.message)") : shown
    return EventRecord(
      occurrence: shown, first: written.first.kubernetesTime, last: wall.kubernetesTime, count: written.count)
  }

  /// Forgets the quarter that was silent longest, so that the search is done once for many newcomers.
  private mutating func makeRoom() {
    guard objects.count >= Self.memory else { return }
    let oldest = objects.sorted { $0.value.heardAt < $1.value.heardAt }.prefix(Self.memory / 4)
    for (object, _) in oldest { objects[object] = nil }
  }
}

/// The contents of an `Event` of the core group.
struct EventRecord: Sendable, Equatable {
  let occurrence: EventAggregator.Occurrence
  let first: String
  let last: String
  let count: Int

  /// Events about cluster-scoped objects are kept in the namespace `default`.
  var namespace: String {
    occurrence.object.key.namespace.isEmpty ? "default" : occurrence.object.key.namespace
  }

  /// The whole object.
  func value(name: String, component: String, instance: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "Event",
      "metadata": ["name": .string(name), "namespace": .string(namespace)],
      "involvedObject": occurrence.object.involved, "reason": .string(occurrence.reason),
      "message": .string(occurrence.message), "type": .string(occurrence.isWarning ? "Warning" : "Normal"),
      "source": ["component": .string(component), "host": .string(instance)],
      "firstTimestamp": .string(first), "lastTimestamp": .string(last), "count": .int(count),
      "reportingComponent": .string(component), "reportingInstance": .string(instance),
    ]
  }

  /// What changes when it happened again.
  var change: JSONValue {
    ["lastTimestamp": .string(last), "count": .int(count), "message": .string(occurrence.message)]
  }
}

extension ObjectReference {
  /// The reference as an event's `involvedObject`.
  fileprivate var involved: JSONValue {
    [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "namespace": .string(key.namespace),
      "name": .string(key.name), "uid": .string(uid),
    ]
  }
}
