import JSON
public import Kubernetes
import Synchronization

/// Empties namespaces that are being deleted and lets them go when nothing is left in them.
public final class NamespaceCollector: SimulatedController {
  private struct State {
    var position = 0
    var ending: Set<String> = []
    var touched: Set<String> = []
  }

  /// The name in logs.
  public let name = "namespaces"
  private let server: SimulatedAPIServer
  private let client: InProcessClient
  private let state = Mutex(State())

  /// A collector of a cluster's namespaces.
  public init(_ server: SimulatedAPIServer) {
    self.server = server
    client = InProcessClient(
      server, fieldManager: "namespace-controller", user: "system:serviceaccount:kube-system:namespace-controller")
  }

  /// Nothing falls due by itself.
  public var nextDue: Timestamp? { nil }

  /// Looks at the ending namespaces in which something changed.
  public func step(now: Timestamp) async -> Bool {
    let names = state.withLock { state in
      var position = state.position
      server.follow(&position) { entry in
        if entry.resource == .namespaces {
          if entry.change == .deleted {
            state.ending.remove(entry.object.name)
          } else if entry.object.metadata.isBeingDeleted {
            state.ending.insert(entry.object.name)
            state.touched.insert(entry.object.name)
          }
        } else if state.ending.contains(entry.object.namespace) {
          state.touched.insert(entry.object.namespace)
        }
      }
      state.position = position
      defer { state.touched = [] }
      return state.touched.intersection(state.ending)
    }
    var didChange = false
    for name in names.sorted() {
      if await empty(name) { didChange = true }
    }
    return didChange
  }

  /// Deletes what is in a namespace; lets the namespace go when there is nothing.
  private func empty(_ name: String) async -> Bool {
    let places = server.places(inNamespace: name)
    guard !places.isEmpty else { return server.releaseNamespace(name) }
    var didChange = false
    for (place, isEnding) in places where !isEnding {
      do throws(KubernetesError) {
        try await client.delete(place.resource, place.key, DeleteOptions(propagation: .background))
        didChange = true
      } catch {
        if error.code != .notFound { state.withLock { _ = $0.touched.insert(name) } }
      }
    }
    return didChange
  }
}

extension SimulatedAPIServer {
  /// What is in a namespace, and whether it is being deleted already.
  fileprivate func places(inNamespace name: String) -> [(ObjectPlace, Bool)] {
    state.withLock { state in
      state.registry.all.filter(\.resource.isNamespaced).flatMap { definition in
        state.storage.objects(definition.resource, namespace: name).map {
          (ObjectPlace(resource: definition.resource, key: $0.key), $0.metadata.isBeingDeleted)
        }
      }
    }
  }

  /// Takes the finalizer of namespaces away, which removes one that nothing else holds.
  @discardableResult
  func releaseNamespace(_ name: String) -> Bool {
    let key = NamespacedName("", name)
    do throws(KubernetesError) {
      return try commit { state throws(KubernetesError) in
        guard let namespace = state.storage.object(.namespaces, key), namespace.metadata.isBeingDeleted,
          let definition = state.registry.definition(.namespaces)
        else { return false }
        var value = JSONValue(namespace.json)
        guard value["spec"]?["finalizers"]?.array?.isEmpty == false else { return false }
        value["spec"] = .object(JSONObject())
        if ObjectSemantics.mayGo(value) {
          state.remove(definition, key)
        } else {
          _ = state.storage.put(.namespaces, value)
        }
        return true
      }
    } catch {
      return false
    }
  }
}
