public import Kubernetes
public import Telemetry

/// Makes a span of each pass over a key of one controller.
///
/// OpenKruiseGame's controller also writes `game.kruise.io/traceparent` to the pods that it patches, and its webhook takes the annotation
/// away again. Here no webhook is called for updates of pods, so nothing would take it away, and no controller writes it; reviews link to
/// one that somebody else wrote.
public struct ReconcileTrace: Sendable {
  private let tracer: Tracer
  private let subject: String
  private let details: @Sendable (NamespacedName) -> [String: FinishedSpan.Value]

  /// Describes the spans of a controller.
  ///
  /// - Parameters:
  ///   - subject: what the keys stand for, such as `game_server`; the spans are called `reconcile game_server`.
  ///   - details: what is known of a key before the pass; read only where the span is recorded.
  init(
    _ tracer: Tracer, subject: String, details: @escaping @Sendable (NamespacedName) -> [String: FinishedSpan.Value]
  ) {
    self.tracer = tracer
    self.subject = subject
    self.details = details
  }

  /// Works on a key within a span.
  func reconcile(_ key: NamespacedName, _ reconciler: any Reconciler) async -> ReconcileOutcome {
    var span = tracer.start("reconcile \(subject)", kind: .server)
    if span.context.isSampled {
      span.set("k8s.namespace.name", .string(key.namespace))
      span.set("game.kruise.io.\(subject).namespace", .string(key.namespace))
      span.set("game.kruise.io.\(subject).name", .string(key.name))
      for (name, value) in details(key) { span.set(name, value) }
    }
    let outcome = await reconciler.reconcile(key)
    span.set("game.kruise.io.reconcile.requeue", .bool(outcome.isRequeued))
    switch outcome {
    case .done: span.end(.ok("done"))
    case .after(let delay): span.end(.ok("looked at again after \(delay)"))
    case .retry(let reason), .terminal(let reason): span.fail(reason)
    }
    return outcome
  }
}

extension ReconcileTrace {
  /// The spans of the controller of GameServerSets.
  public static func gameServerSets(_ tracer: Tracer, _ cluster: any ClusterReader) -> ReconcileTrace {
    ReconcileTrace(tracer, subject: "game_server_set") { key in
      let isGoing = cluster.gameServerSet(key)?.metadata.isBeingDeleted ?? true
      return ["game.kruise.io.reconcile.trigger": isGoing ? "delete" : "update"]
    }
  }

  /// The spans of the controller of GameServers.
  public static func gameServers(_ tracer: Tracer, _ cluster: any ClusterReader) -> ReconcileTrace {
    ReconcileTrace(tracer, subject: "game_server") { key in
      let (pod, server) = (cluster.pod(key), cluster.gameServer(key))
      var details: [String: FinishedSpan.Value] = [
        "game.kruise.io.reconcile.trigger": pod == nil ? "delete" : server == nil ? "create" : "update"
      ]
      if let set = pod?.ownerSet ?? server?.metadata.labels[GameLabels.ownerSet] {
        details["game.kruise.io.game_server_set.namespace"] = .string(key.namespace)
        details["game.kruise.io.game_server_set.name"] = .string(set)
      }
      return details
    }
  }
}

extension ReconcileOutcome {
  /// Whether the key is looked at again though nothing changes.
  fileprivate var isRequeued: Bool {
    switch self {
    case .done, .terminal: false
    case .after, .retry: true
    }
  }
}
