import Kubernetes

/// One change of an object, as a watch tells it.
struct LogEntry: Sendable {
  enum Change: String, Sendable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
  }

  let version: Int
  let resource: Resource
  let change: Change
  let object: KubernetesObject
  /// The object before the change, so that a watch with a selector can tell when it enters or leaves the selection.
  let before: KubernetesObject?
}

/// The latest changes in order, as far back as memory is given to them.
struct ObjectLog: Sendable {
  private var entries: [LogEntry] = []
  /// The entries before this one are gone.
  private var start = 0
  /// The version of the newest change that was forgotten; a watch can start no earlier.
  private(set) var compactedVersion = 0
  /// How many changes are kept: enough for a watch to come back after a pause, little enough for a process in a test.
  private let limit: Int

  init(limit: Int = 20_000) { self.limit = limit }

  mutating func append(_ entry: LogEntry) {
    entries.append(entry)
    if entries.count - start > limit { forget(through: entries[start].version) }
  }

  /// Forgets the changes up to a version, as the compaction of etcd does.
  mutating func forget(through version: Int) {
    while start < entries.count, entries[start].version <= version { start += 1 }
    compactedVersion = max(compactedVersion, version)
    // Half of the memory may be dead before it is worth moving the rest.
    if start > entries.count / 2 {
      entries.removeFirst(start)
      start = 0
    }
  }

  /// The changes after a version; nil where some of them are forgotten.
  func changes(after version: Int) -> ArraySlice<LogEntry>? {
    guard version >= compactedVersion else { return nil }
    var (low, high) = (start, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].version <= version { low = middle + 1 } else { high = middle }
    }
    return entries[low...]
  }
}
