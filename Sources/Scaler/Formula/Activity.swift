public import Kubernetes

/// Whether a set may be scaled to zero, as KEDA asks by `IsActive`.
public enum Activity {
  /// Whether the set is active; nil while its controller has not reported.
  ///
  /// A trigger that wants free servers keeps its set active. Otherwise a set is active while it has servers that are not marked
  /// for removal.
  public static func isActive(_ trigger: Trigger, _ snapshot: SetSnapshot, at time: Timestamp) -> Bool? {
    guard let marked = snapshot.set.waitToBeDeletedReplicas else { return nil }
    let minimum = trigger.schedule?.window(at: time)?.minAvailable ?? trigger.minAvailable
    if minimum.isPositive || (trigger.players?.buffer ?? 0) > 0 { return true }
    return (snapshot.set.currentReplicas ?? 0) - marked > 0
  }
}
