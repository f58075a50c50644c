public import Kubernetes

/// The plugins that may be used: those of the providers that are enabled and whose configuration is valid.
public struct PluginRegistry: Sendable {
  private let plugins: [String: any NetworkPlugin]
  private let readings = NetworkReadings()
  /// Why providers that are enabled cannot be used.
  public let problems: [String]

  /// Registers the plugins of a configuration.
  public init(_ configuration: ProviderConfiguration, hostPorts: HostPortAllocator) {
    let problems = configuration.validate()
    let broken = Set(problems.map(\.provider))
    let usable = PluginRegistry.every(configuration, hostPorts).filter {
      configuration.isEnabled($0.provider) && !broken.contains($0.provider)
    }
    plugins = Dictionary(usable.map { ($0.name, $0) }) { first, _ in first }
    self.problems = problems.map { "provider \($0.provider.section) is not used: \($0)" }
  }

  /// The names of the plugins that may be used, sorted.
  public var names: [String] { plugins.keys.sorted() }

  /// The plugin with exactly this name; nil where there is none or its provider is not used.
  ///
  /// Compared by its bytes: to a dictionary the Kelvin sign (U+212A) is a K.
  public func plugin(named name: String) -> (any NetworkPlugin)? { plugins[name].flatMap { $0.has(name) ? $0 : nil } }

  /// Every plugin, whether its provider is used or not, in the order of the documentation.
  public static let all: [any NetworkPlugin] = every(
    .shipped, HostPortAllocator(range: ProviderConfiguration.shipped.kubernetes.hostPort))

  /// The spaces of load balancer ports that the plugins which may be used give from, each once.
  public var portSpaces: [PortSpace] {
    var seen: Set<String> = []
    return names.compactMap { plugins[$0]?.portSpace }.filter { seen.insert($0.name).inserted }
  }

  /// The resources of other projects that the plugins which may be used read, each once.
  public var cloudResources: [Resource] { Self.unique(names.flatMap { plugins[$0]?.cloudResources ?? [] }) }

  /// The resources of other projects that the plugins of enabled providers read, each once.
  public static func cloudResources(of configuration: ProviderConfiguration) -> [Resource] {
    unique(all.filter { configuration.isEnabled($0.provider) }.flatMap(\.cloudResources))
  }

  private static func unique(_ resources: [Resource]) -> [Resource] {
    var seen: Set<Resource> = []
    return resources.filter { seen.insert($0).inserted }
  }

  private static func every(
    _ configuration: ProviderConfiguration, _ hostPorts: HostPortAllocator
  ) -> [any NetworkPlugin] {
    [
      KubernetesHostPort(allocator: hostPorts), KubernetesNodePort(), KubernetesIngress(),
      AlibabaCloudSLB(configuration.alibabaCloud.slb), AlibabaCloudSLBSharedPort(),
      AlibabaCloudNLB(configuration.alibabaCloud.nlb),
      AlibabaCloudNLBSharedPort(),
      AlibabaCloudMultiNLBs(configuration.alibabaCloud.nlb), AlibabaCloudAutoNLBs(), AlibabaCloudAutoNLBsV2(),
      AlibabaCloudNATGateway(),
      AlibabaCloudEIP(), AmazonWebServicesNLB(configuration.aws.ports),
      VolcengineCLB(configuration.volcengine.ports), VolcengineEIP(), TencentCloudCLB(),
      HwCloudELB(configuration.hwCloud.elb), HwCloudCCEELB(configuration.hwCloud.cceELB), HwCloudCCEEIP(),
      JdCloudNLB(configuration.jdCloud.ports), JdCloudEIP(),
    ]
  }
}

extension NetworkPlugin {
  /// Whether this is the plugin's name, byte for byte.
  fileprivate func has(_ name: String) -> Bool { self.name.utf8.elementsEqual(name.utf8) }
}

extension PluginRegistry {
  /// Everything that is wrong or doubtful with the parameters of a network; nothing for a type that no plugin has.
  ///
  /// Knows all plugins, whether their providers are used or not.
  ///
  /// - Parameter containers: the names of the pod's containers where they are known, so that parameters that name others are found; no
  ///   plugin looks at init containers.
  public func validate(
    type: String, parameters: [NetworkParameter], containers: Set<String>? = nil
  ) -> [ParameterProblem] {
    PluginRegistry.all.first { $0.has(type) }?.problems(in: parameters, containers: containers) ?? []
  }

  /// Lets the plugin of a pod's network edit the pod; does nothing for a pod without a network or with one that no plugin has.
  ///
  /// - Parameters:
  ///   - editor: the pod, with the annotations of the network already set.
  ///   - podKey: the namespace and name from the request; the object itself may leave them out.
  ///   - handOutKey: what is handed out to the pod is remembered by this key; nil for the pod's own.
  ///   - isStrict: whether a parameter that does not parse refuses the pod; else it is a warning, and what parses counts.
  /// - Throws: ``PluginError`` with the parameter to blame, where there is one.
  public func admit(
    _ editor: inout PodEditor, podKey: NamespacedName, handOutKey: NamespacedName? = nil, isDryRun: Bool,
    isStrict: Bool = true, now: ContinuousClock.Instant = .now, cluster: any ClusterReader
  ) throws(PluginError) -> [PluginNote] {
    let reading: NetworkReadings.Reading
    do {
      guard let found = try self.reading(of: editor) else { return [] }
      reading = found
    } catch {
      guard !isStrict else { throw error }
      return [.warning(error.message)]
    }
    let plugin = reading.plugin
    var notes: [PluginNote] = []
    for problem in reading.problems {
      guard problem.isWarning || !isStrict else { throw PluginError(problem) }
      notes.append(.warning(problem.description))
    }
    let set = editor.label(GameLabels.ownerSet).map { NamespacedName(podKey.namespace, $0) }
    let context = PluginContext(
      podKey: podKey, handOutKey: handOutKey, set: set,
      parameters: isStrict ? reading.parameters : plugin.salvaged(reading.parameters),
      prepared: isStrict ? reading.prepared : nil, isDryRun: isDryRun, now: now, cluster: cluster)
    guard !isStrict else {
      let own = try plugin.admit(&editor, context)
      return notes.isEmpty ? own : notes + own
    }
    return try notes + admit(&editor, context, plugin)
  }

  /// Lets a plugin edit a pod whose parameters may lack what it needs; then the pod stays without what it would have got.
  private func admit(
    _ editor: inout PodEditor, _ context: PluginContext, _ plugin: any NetworkPlugin
  ) throws(PluginError) -> [PluginNote] {
    var edited = editor
    do {
      let notes = try plugin.admit(&edited, context)
      editor = edited
      return notes
    } catch {
      guard error.code == .parameter else { throw error }
      return [.warning(error.message)]
    }
  }

  /// The network that a pod's annotations ask for; nil where they name none, or one that no plugin has.
  private func reading(of editor: PodEditor) throws(PluginError) -> NetworkReadings.Reading? {
    guard let type = editor.annotation(GameAnnotations.networkType) else { return nil }
    let conf = editor.annotation(GameAnnotations.networkConf)
    let key = NetworkReadings.Key(type: type, conf: conf)
    if let known = readings[key] { return known }
    guard let network = try PodNetwork.read(type: type, conf: conf, disabled: nil), let plugin = plugin(named: type)
    else { return nil }
    let reading = NetworkReadings.Reading(
      plugin: plugin, parameters: network.parameters, problems: plugin.problems(in: network.parameters),
      prepared: plugin.prepare(network.parameters))
    readings.remember(reading, as: key)
    return reading
  }
}
