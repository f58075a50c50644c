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

  /// The pure step of admission when a pod is created: edits the pod, never touches the cluster.
  ///
  /// Idempotent: on a pod that it has edited it changes nothing.
  ///
  /// - Throws: ``PluginError`` where the parameters cannot be read or there is nothing left to give; the pod is then refused.
  func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote]
}

extension NetworkPlugin {
  /// No name is shared.
  public var alias: String { "" }

  /// Undeclared parameters are ignored.
  public var otherParameters: OtherParameters { .ignored }

  /// Nothing spans several parameters.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { [] }

  /// Nothing is done before the pod exists.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] { [] }
}

/// What a plugin does with a parameter that it does not declare.
public enum OtherParameters: Sendable, Hashable {
  /// Nothing; validation warns of it.
  case ignored
  /// It is passed on as the text says.
  case passedOn(String)
}
