public import Kubernetes

/// The network that a pod asks for, read from its metadata.
public struct PodNetwork: Sendable, Hashable {
  /// The network type; may be empty, which no plugin matches.
  public let type: String
  /// The parameters in their order.
  public let parameters: [NetworkParameter]
  /// Whether traffic must be cut; a label that is no boolean counts as false.
  public let isDisabled: Bool
  /// Whether the parameters are only those that a plugin can read, and what else is read is to be taken in the same way.
  public private(set) var isSalvaged = false

  /// Describes a network.
  public init(type: String, parameters: [NetworkParameter], isDisabled: Bool = false) {
    self.type = type
    self.parameters = parameters
    self.isDisabled = isDisabled
  }

  /// Reads the network from the values of the two annotations and the label; nil where the type annotation is absent.
  ///
  /// - Throws: a parameter error that names the annotation where its JSON is no list of parameters.
  public static func read(type: String?, conf: String?, disabled: String?) throws(PluginError) -> PodNetwork? {
    guard let type else { return nil }
    var parameters: [NetworkParameter] = []
    if let conf {
      guard let list = NetworkParameter.parse(annotation: conf) else {
        throw PluginError(
          .parameter,
          "annotation \(GameAnnotations.networkConf) is no JSON array of objects with the strings name and value: "
            + quoted(conf), parameter: GameAnnotations.networkConf)
      }
      parameters = list
    }
    return PodNetwork(type: type, parameters: parameters, isDisabled: disabled.flatMap(Boolean.parse) ?? false)
  }

  /// Reads the network of a pod; nil where it asks for none.
  ///
  /// - Throws: a parameter error that names the annotation where its JSON is no list of parameters.
  public static func read(_ pod: Pod) throws(PluginError) -> PodNetwork? {
    let metadata = pod.metadata
    return try read(
      type: metadata.annotations[GameAnnotations.networkType], conf: metadata.annotations[GameAnnotations.networkConf],
      disabled: metadata.labels[GameLabels.networkDisabled])
  }
}

extension PodNetwork {
  /// The same with only those parameters that a plugin can read.
  public func salvaged(by plugin: any NetworkPlugin) -> PodNetwork {
    var network = PodNetwork(type: type, parameters: plugin.salvaged(parameters), isDisabled: isDisabled)
    network.isSalvaged = true
    return network
  }
}
