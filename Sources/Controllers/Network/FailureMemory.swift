import Kubernetes
import NetworkPlugins
import Synchronization

/// Since when something has been failing for each key, so that what passes by itself is not told to anybody.
final class FailureMemory: Sendable {
  /// How long a failure may take to pass: a restart of an API server, or of a webhook that it asks, is over by then.
  static let patience = Duration.seconds(60)

  /// One entry for each key that fails at present; the keys are those of pods and sets that are there.
  private let since = Mutex<[NamespacedName: Timestamp]>([:])

  /// Notes a failure, and answers whether it has lasted.
  func lasts(_ key: NamespacedName, at now: Timestamp) -> Bool {
    let first = since.withLock { since in
      let first = since[key] ?? now
      since[key] = first
      return first
    }
    return now - first >= Self.patience
  }

  /// Forgets the failures of a key.
  func forget(_ key: NamespacedName) { since.withLock { $0[key] = nil } }
}

extension NetworkPlugin {
  /// What a user is told where the lists of a cloud's objects do not come.
  func waitsForTypes(in cluster: any ClusterReader) -> String {
    let types = cloudResources.filter { !cluster.hasSynced($0) }.map { "\($0.plural).\($0.group)" }
    return
      "\(name) waits for the lists of \(types.joined(separator: ", ")): the types are not installed, or may not be read"
  }
}
