import JSON
public import Kubernetes
import Synchronization

/// An API server in the process: what a write has to pass, and what is stored when it has passed.
///
/// Everything but admission happens under one lock and without waiting. Admission may take its time; the write that comes back from it is
/// stored only where the object is still the one that it was made for.
public final class SimulatedAPIServer: Sendable {
  struct State: Sendable {
    var storage: ObjectStorage
    var registry = ResourceRegistry()
    var uids = 0
    var names = SystemRandomNumberGenerator()
    var addresses = ServiceAddresses()
    var watchers: [Int: @Sendable () -> Void] = [:]
    var nextWatcher = 0
    var admission: (any AdmissionChain)?
    var faults: (any FaultPlan)?
  }

  /// The time in the cluster.
  public let clock: any ClusterClock
  let state: Mutex<State>

  /// An empty cluster with the namespaces that every cluster has.
  ///
  /// - Parameter logLimit: How many changes a watch can go back.
  public init(clock: any ClusterClock, logLimit: Int = 20_000) {
    self.clock = clock
    state = Mutex(State(storage: ObjectStorage(logLimit: logLimit)))
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] { addNamespace(name) }
  }

  /// Sets what looks at every write; nil lets all of them pass.
  public func setAdmission(_ chain: (any AdmissionChain)?) { state.withLock { $0.admission = chain } }

  /// Sets what makes calls fail or wait on purpose; nil lets all of them go well.
  public func setFaults(_ plan: (any FaultPlan)?) { state.withLock { $0.faults = plan } }

  /// Forgets all changes up to now, so that a watch from before has to list again.
  public func compact() { state.withLock { $0.storage.compact(through: $0.storage.version) } }

  /// What is served, by group and name.
  var definitions: [ResourceDefinition] { state.withLock { $0.registry.all } }

  /// What is served under that name.
  func definition(group: String, plural: String) -> ResourceDefinition? {
    state.withLock { $0.registry.definition(group: group, plural: plural) }
  }

  /// The version of the latest change.
  var currentVersion: Int { state.withLock { $0.storage.version } }

  /// The oldest version from which changes are still known.
  var oldestVersion: Int { state.withLock { $0.storage.log.compactedVersion } }

  /// Calls back after each change, from the thread that made it; the callback must only take note.
  func addWatcher(_ wake: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = wake
      return state.nextWatcher
    }
  }

  func removeWatcher(_ id: Int) { _ = state.withLock { $0.watchers.removeValue(forKey: id) } }

  /// Runs a change of the state and wakes the watchers where it stored something.
  func commit<Result: Sendable>(
    _ body: (inout State) throws(KubernetesError) -> Result
  ) throws(KubernetesError) -> Result {
    var wakes: [@Sendable () -> Void] = []
    let result: Swift.Result<Result, KubernetesError> = state.withLock { state in
      let before = state.storage.version
      let result: Swift.Result<Result, KubernetesError>
      do throws(KubernetesError) { result = .success(try body(&state)) } catch { result = .failure(error) }
      if state.storage.version != before { wakes = Array(state.watchers.values) }
      return result
    }
    for wake in wakes { wake() }
    return try result.get()
  }

  private func addNamespace(_ name: String) {
    let namespace: JSONValue = [
      "apiVersion": "v1", "kind": "Namespace",
      "metadata": [
        "name": .string(name), "uid": .string("namespace-\(name)"),
        "creationTimestamp": .string(clock.now().description),
        "labels": ["kubernetes.io/metadata.name": .string(name)],
      ],
      "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
    ]
    state.withLock { _ = $0.storage.put(.namespaces, namespace) }
  }
}

/// Makes calls fail or wait on purpose.
public protocol FaultPlan: Sendable {
  /// The failure of the call that is about to happen; nil where it goes well.
  ///
  /// - Parameter verb: `get`, `list`, `create`, `update`, `patch` or `delete`.
  func failure(verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String) -> KubernetesError?

  /// How long a call that came over the network is held before anything is done; nil where it is not.
  ///
  /// - Parameter verb: As above, or `watch`.
  func delay(verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String) -> Duration?
}

extension FaultPlan {
  /// Nothing is held.
  public func delay(verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String) -> Duration? { nil }
}
