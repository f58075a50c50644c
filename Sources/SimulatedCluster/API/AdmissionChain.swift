public import JSON
public import Kubernetes
import Synchronization

/// A write on its way into the cluster, as admission sees it.
public struct AdmissionAttempt: Sendable {
  /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
  public var operation: String
  /// The resource.
  public var resource: Resource
  /// The subresource; empty for the object itself.
  public var subresource: String
  /// The namespace and name; the name is empty where the server is still to make one.
  public var key: NamespacedName
  /// The object as it would be stored; nil for a deletion.
  public var object: JSONValue?
  /// The object as it is stored; nil for a creation.
  public var old: JSONValue?
  /// Whether nothing will be stored.
  public var isDryRun: Bool
  /// Who asks.
  public var user: String
  /// The options of the call, an object of the group `meta.k8s.io`.
  public var options: JSONValue = .null
  /// Where admission leaves what it has to say beside its decision.
  public var notes = AdmissionNotes()
}

/// What admission says beside its decision: warnings for the caller and annotations for the audit log.
public final class AdmissionNotes: Sendable {
  private struct State {
    var warnings: [String] = []
    var annotations: [String: String] = [:]
  }

  private let state = Mutex(State())

  /// No notes.
  public init() {}

  /// The warnings in the order in which they were given, each once.
  ///
  /// As in the API server: 4,096 characters in all are passed on in full; beyond that, each warning is cut to 256 of them and those past
  /// the total are dropped.
  public var warnings: [String] {
    let all = state.withLock { $0.warnings }
    guard all.reduce(0, { $0 + $1.unicodeScalars.count }) > 4096 else { return all }
    var total = 0
    return all.prefix { text in
      defer { total += min(256, text.unicodeScalars.count) }
      return total < 4096
    }.map { text in
      var short = String.UnicodeScalarView()
      short.append(contentsOf: text.unicodeScalars.prefix(256))
      return String(short)
    }
  }

  /// The audit annotations by their full keys.
  public var annotations: [String: String] { state.withLock { $0.annotations } }

  /// Adds a warning; one that is there already is not repeated.
  public func warn(_ text: String) {
    state.withLock { if !text.isEmpty, !$0.warnings.contains(text) { $0.warnings.append(text) } }
  }

  /// Adds an annotation; the first value of a key stays, as in the API server.
  public func annotate(_ key: String, _ value: String) {
    state.withLock { if $0.annotations[key] == nil { $0.annotations[key] = value } }
  }
}

/// What looks at every write before it is stored: webhooks, in a cluster that has some.
public protocol AdmissionChain: Sendable {
  /// Changes the object, or refuses it; nil leaves it as it is.
  func mutate(_ attempt: AdmissionAttempt) async throws(KubernetesError) -> JSONValue?

  /// Refuses the object, or lets it pass.
  func validate(_ attempt: AdmissionAttempt) async throws(KubernetesError)
}
