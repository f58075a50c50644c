public import Kubernetes

/// One way to give a game server an address: the parameters that it takes and what it does when a pod is created.
///
/// A plugin is a value without state of its own; what has to be remembered lives in what it is made with.
public protocol NetworkPlugin: Sendable {
  /// The `networkType` that selects the plugin; compared exactly.
  var name: String { get }

  /// A name shared by plugins of several clouds that do the same job; empty for most. Never used to pick a plugin.
  var alias: String { get }

  /// The provider whose section of the configuration enables the plugin.
  var provider: NetworkProvider { get }

  /// Every parameter that the plugin knows.
  var parameters: [ParameterDeclaration] { get }

  /// What happens to parameters that are not declared.
  var otherParameters: OtherParameters { get }

  /// Checks that span several parameters, beyond the grammar of each.
  ///
  /// Runs only where every single value parses.
  func check(_ parameters: [NetworkParameter]) -> [ParameterProblem]

  /// What the plugin makes of parameters once and uses for every pod that has the same; nil where it needs nothing.
  ///
  /// A function of the parameters alone. Parameters that do not parse give nil: ``admit(_:_:)`` then says what is wrong with them.
  func prepare(_ parameters: [NetworkParameter]) -> (any PreparedParameters)?

  /// The pure step of admission when a pod is created: edits the pod, never touches the cluster.
  ///
  /// Idempotent: on a pod that it has edited it changes nothing.
  ///
  /// - Throws: ``PluginError`` where the parameters cannot be read or there is nothing left to give; the pod is then refused.
  func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote]

  /// The ports of load balancers that the plugin gives; nil for a plugin that gives none.
  var portSpace: PortSpace? { get }

  /// Resources besides pods, GameServerSets, nodes, Services and Ingresses that the reconcile step reads.
  ///
  /// They belong to other projects: a cluster may not have them, and then their objects are just not there.
  var cloudResources: [Resource] { get }

  /// The ports that a pod needs before ``plan(_:)`` can be made; nil where it needs none.
  ///
  /// - Throws: ``PluginError`` where the parameters cannot be read.
  func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand?

  /// The reconcile step of a pod that is there and not on its way out: what to write, to delete and to show now.
  ///
  /// A function of the context alone: the same context gives the same plan.
  ///
  /// - Throws: ``PluginError`` where nothing can be done; then ``planMeanwhile(_:)`` says what is.
  func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan

  /// The reconcile step of a pod for which ``demand(_:)`` or ``plan(_:)`` failed, or whose parameters are refused: what must not wait.
  ///
  /// Traffic is cut while the network is disabled, and updates in place go on; everything else stays as it is. The parameters may be
  /// anything.
  func planMeanwhile(_ context: NetworkContext) -> NetworkPlan

  /// The reconcile step of a pod that is on its way out; most leave the rest to garbage collection.
  ///
  /// It gets the parameters as they are stored and must never fail because of them.
  func planEnd(_ context: NetworkContext) -> NetworkPlan

  /// The reconcile step of a GameServerSet: what several of its pods share.
  ///
  /// - Throws: ``PluginError`` where nothing can be done.
  func planSet(_ context: SetNetworkContext) throws(PluginError) -> NetworkPlan
}

extension NetworkPlugin {
  /// No name is shared.
  public var alias: String { "" }

  /// Undeclared parameters are ignored.
  public var otherParameters: OtherParameters { .ignored }

  /// Nothing spans several parameters.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { [] }

  /// Nothing is prepared.
  public func prepare(_ parameters: [NetworkParameter]) -> (any PreparedParameters)? { nil }

  /// Nothing is done before the pod exists.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] { [] }

  /// No ports are given.
  public var portSpace: PortSpace? { nil }

  /// Nothing else is read.
  public var cloudResources: [Resource] { [] }

  /// No ports are needed.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? { nil }

  /// Everything stays as it is.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan { NetworkPlan() }

  /// Services on load balancers are cut off.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    context.meanwhile(portSpace == nil ? nil : { $0.cutFromLoadBalancer })
  }

  /// Garbage collection does the rest.
  public func planEnd(_ context: NetworkContext) -> NetworkPlan { NetworkPlan() }

  /// Pods share nothing.
  public func planSet(_ context: SetNetworkContext) throws(PluginError) -> NetworkPlan { NetworkPlan() }
}

/// What a plugin has read from parameters: a type of its own that only it looks into.
public protocol PreparedParameters: AnyObject, Sendable {}

/// What a plugin does with a parameter that it does not declare.
public enum OtherParameters: Sendable, Hashable {
  /// Nothing; validation warns of it.
  case ignored
  /// It is passed on as the text says.
  case passedOn(String)
}
