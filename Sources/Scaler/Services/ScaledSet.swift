internal import Kubernetes

/// The set that a ScaledObject names, and what is asked of it.
struct ScaledSet: Sendable {
  let key: NamespacedName
  let trigger: Trigger

  /// - Throws: `INVALID_ARGUMENT` for an unnamed object or metadata that cannot be used.
  init(_ reference: Externalscaler_ScaledObjectRef) throws(GRPCStatus) {
    do throws(TriggerError) {
      trigger = try Trigger(reference.scalerMetadata)
    } catch {
      throw GRPCStatus(.invalidArgument, error.description)
    }
    key = NamespacedName(reference.namespace, trigger.setName ?? reference.name)
    guard !key.name.isEmpty, !key.namespace.isEmpty else {
      throw GRPCStatus(.invalidArgument, "the request names no ScaledObject: name and namespace are wanted")
    }
  }

  /// - Throws: `UNAVAILABLE` before the store has seen the cluster, `NOT_FOUND` for a set that is not there.
  func snapshot(_ index: SetIndex) throws(GRPCStatus) -> SetSnapshot {
    if let snapshot = index.snapshot(key, capacity: trigger.players?.perServer) { return snapshot }
    guard index.hasSynced else {
      throw GRPCStatus(.unavailable, "the objects of the cluster have not been read yet")
    }
    throw GRPCStatus(.notFound, "GameServerSet \(key) was not found")
  }
}
