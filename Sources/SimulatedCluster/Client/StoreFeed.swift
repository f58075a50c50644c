public import Kubernetes
import Synchronization

/// Keeps a store at the state of the simulated API server: an informer without a connection.
///
/// The store moves only when ``pump()`` is called, so that a test decides how stale its readers are.
public final class StoreFeed: Sendable {
  /// The store that is fed.
  public let store: ObjectStore
  private let server: SimulatedAPIServer
  private let resources: [Resource]
  private let position: Mutex<Int?>
  private let pause = Mutex(false)

  /// Feeds a store with these resources.
  public init(_ server: SimulatedAPIServer, into store: ObjectStore, _ resources: [Resource]) {
    self.server = server
    self.store = store
    self.resources = resources
    position = Mutex(nil)
  }

  /// Whether the store stays as it is: a reader that lags behind.
  public var isPaused: Bool {
    get { pause.withLock { $0 } }
    set { pause.withLock { $0 = newValue } }
  }

  /// Forgets how far the store is, as a watch does that the server cannot go on with: the next pump lists everything anew.
  public func lose() { position.withLock { $0 = nil } }

  /// Brings the store up to date; answers whether anything changed.
  @discardableResult
  public func pump() -> Bool {
    guard !isPaused else { return false }
    return position.withLock { position in
      guard let since = position, let changes = server.changes(after: since) else {
        position = fill()
        return true
      }
      position = changes.version
      var isChanged = false
      for entry in changes.entries where resources.contains(where: { $0.isSameKind(as: entry.resource) }) {
        isChanged = true
        if entry.change == .deleted {
          store.remove(entry.resource, entry.object.key)
        } else {
          store.set(entry.resource, entry.object)
        }
      }
      return isChanged
    }
  }

  private func fill() -> Int {
    let (lists, version) = server.snapshot(resources)
    for (resource, objects) in zip(resources, lists) { store.replace(resource, with: objects) }
    return version
  }
}

extension SimulatedAPIServer {
  /// The changes of all resources after a version, and the version that they reach; nil where the log does not go back that far.
  fileprivate func changes(after version: Int) -> (entries: [LogEntry], version: Int)? {
    state.withLock { state in
      state.storage.log.changes(after: version).map { (Array($0), state.storage.version) }
    }
  }

  fileprivate func snapshot(_ resources: [Resource]) -> ([[KubernetesObject]], Int) {
    state.withLock { state in
      (resources.map { state.storage.objects($0, namespace: nil) }, state.storage.version)
    }
  }
}
