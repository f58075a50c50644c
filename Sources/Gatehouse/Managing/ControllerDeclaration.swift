import Controllers
import HotReload
import Kubernetes
import NetworkPlugins
import Telemetry

/// One controller: what brings up its keys, and what works on them.
struct ControllerDeclaration: Sendable {
  /// Which keys a change brings up; see ``KeyMapping``.
  typealias KeyMap = @Sendable (Resource, _ old: KubernetesObject?, _ new: KubernetesObject?) -> [NamespacedName]

  /// Changes that lead to keys only by way of other objects, such as those of a node to its pods.
  struct Detour: Sendable {
    /// What is watched.
    let watches: [Resource]
    /// The objects in between that a change concerns.
    let keys: KeyMap
    /// The controller's keys for one of them; reads the store.
    let expand: @Sendable (any ClusterReader, NamespacedName) -> [NamespacedName]
  }

  /// The name in logs, metrics and events.
  let name: String
  /// Keys that are worked on at once.
  let workers: Int
  /// What is watched.
  let watches: [Resource]
  /// Which keys a change brings up.
  let keys: KeyMap
  /// How long changes of a resource are gathered before their key is worked on; the others are worked on at once.
  var gathering: [Resource: Duration] = [:]
  /// Changes that lead to keys by way of other objects.
  var detour: Detour?
  /// Keys that each term begins with, whatever the store holds.
  var initialKeys: [NamespacedName] = []
  /// Makes spans of the passes over keys; nil makes none.
  var trace: (@Sendable (Tracer, any ClusterReader) -> ReconcileTrace)?
  /// Makes what works on the keys, for one term of leadership.
  let make: @Sendable (ControllerContext) -> any Reconciler
}

/// What controllers are made with, for one term of leadership.
struct ControllerContext: Sendable {
  /// What the cluster holds, kept up to date by watches.
  let cluster: ObjectStore
  /// Reads and writes that go to the API server; refuses writes once this replica does not lead any more.
  let client: any ClusterClient
  /// Who writes events for the controller of that name.
  let events: @Sendable (_ controller: String) -> any EventRecorder
  /// What the installed workload controller understands.
  let features: WorkloadFeatures
  /// How long a server's network may take.
  let patience: NetworkPatience
  /// What admission would change in a pod that exists; nil while it cannot tell.
  let admission: MissedPodReconciler.Admission
  /// The network plugins that are enabled.
  let plugins: PluginRegistry
  /// What gives them ports of load balancers.
  let loadBalancers: LoadBalancerPorts
  /// Whether a network parameter that does not parse stops a pod's network.
  let isStrict: Bool
  /// What hot reload takes where an annotation says nothing.
  let hotReload: HotReloadDefaults
  /// What starts spans; nil where nothing is traced.
  let tracer: Tracer?
  /// Where controllers count.
  let registry: MetricRegistry
}
