public import Kubernetes

/// What a pass over one key came to; the one value that decides when the key is looked at again.
public enum ReconcileOutcome: Sendable, Equatable {
  /// Nothing left to do until something changes.
  case done
  /// Look again after this time, though nothing may have changed.
  case after(Duration)
  /// Something failed that may pass; try again with back-off.
  case retry(String)
  /// Something failed that only a change of the object mends.
  case terminal(String)
}

/// Brings the cluster to what one object wants; called with a key only, reads the current state itself.
///
/// A runner never calls it twice at once for one key.
public protocol Reconciler: Sendable {
  /// The name in logs and metrics.
  var name: String { get }

  /// Looks at the object of that key and writes the difference between what is and what should be.
  func reconcile(_ key: NamespacedName) async -> ReconcileOutcome
}

extension ReconcileOutcome {
  /// The outcome of a failed call.
  ///
  /// A refusal is tried again too: a quota, a right or another policy that stood in the way may be mended without any change of ours.
  init(_ error: KubernetesError) {
    switch error.code {
    case .notFound: self = .done
    default: self = .retry(error.description)
    }
  }
}

extension KubernetesError {
  /// Whether the API server, or somebody whom it asked, does not want the write as it is; the user has to know.
  var isRefusal: Bool {
    switch code {
    case .invalid, .forbidden, .badRequest: true
    default: false
    }
  }
}
