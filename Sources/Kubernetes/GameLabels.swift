/// The labels that the product and OpenKruiseGame share; the texts are a contract with other programs.
public enum GameLabels {
  /// On pods and game servers: the name of their GameServerSet.
  public static let ownerSet = "game.kruise.io/owner-gss"
  /// On pods: the current state.
  public static let state = "game.kruise.io/gs-state"
  /// On pods: the operational state that users set.
  public static let opsState = "game.kruise.io/gs-opsState"
  /// On pods: the key by which the workload orders updates.
  public static let updatePriority = "game.kruise.io/gs-update-priority"
  /// On pods: the key by which scale-in chooses.
  public static let deletePriority = "game.kruise.io/gs-delete-priority"
  /// On game servers: `true` once the ordinal has left the set.
  public static let deleting = "game.kruise.io/gs-deleting"
  /// On game servers: the node of the pod.
  public static let nodeName = "game.kruise.io/node-name"
  /// On pods: whether traffic is cut.
  public static let networkDisabled = "game.kruise.io/network-disabled"
  /// On pods: holds an in-place update back while it is `true`.
  public static let inPlaceUpdateBlocker = "game.kruise.io/inplace-update-not-ready-blocker"
  /// The start of keys that are copied from a game server to its pod.
  public static let syncPrefix = "gs-sync/"
  /// On pods, by the workload controller: the step of the pod's life cycle.
  public static let lifecycleState = "lifecycle.apps.kruise.io/state"
  /// On pods, by the workload controller: the pod's own name.
  public static let podName = "statefulset.kubernetes.io/pod-name"
  /// On pods, by the workload controller: the revision of the template.
  public static let revision = "controller-revision-hash"
  /// On pods, by users: asks the workload controller to delete that pod.
  public static let specifiedDelete = "apps.kruise.io/specified-delete"
}

/// The annotations that the product and OpenKruiseGame share; the texts are a contract with other programs.
public enum GameAnnotations {
  /// On pods: the network type, which selects the plugin.
  public static let networkType = "game.kruise.io/network-type"
  /// On pods: the plugin's parameters, a JSON array of name and value.
  public static let networkConf = "game.kruise.io/network-conf"
  /// On pods: the network status as JSON.
  public static let networkStatus = "game.kruise.io/network-status"
  /// On pods: when the operational state changed.
  public static let opsStateChanged = "game.kruise.io/opsState-last-changed-time"
  /// On pods: when the state changed.
  public static let stateChanged = "game.kruise.io/state-last-changed-time"
  /// On pods: the containers that an in-place update is about to change.
  public static let updatingContainers = "game.kruise.io/gs-updating-containers"
  /// On pods: the trace context of the reconcile that patched them.
  public static let traceParent = "game.kruise.io/traceparent"
  /// On GameServerSets: the explicit reserve ids that were processed last.
  public static let reserveIDs = "game.kruise.io/reserve-ids"
  /// On workloads: the hash of what was projected into them.
  public static let workloadHash = "game.kruise.io/asts-hash"
  /// On PodProbeMarkers: the hash of what was projected into them.
  public static let probeMarkerHash = "game.kruise.io/ppm-hash"
  /// On game servers: the hash of the template's labels and annotations.
  public static let templateMetadataHash = "game.kruise.io/gsTemplate-metadata-hash"
  /// On GameServerSets: `Allocated` refuses deletion while a server of the set is in use.
  public static let protect = "game.kruise.io/protect"
  /// On Services: the hash of the plugin's configuration.
  public static let networkConfigHash = "game.kruise.io/network-config-hash"
}
