public import Admission
public import HotReload
import JSON
public import Kubernetes
public import NetworkPlugins
public import Telemetry

/// Everything that the product decides about pods, GameServerSets and GameServers on their way into the cluster.
///
/// A pure function of the review and of what is known of the cluster: it writes nothing, waits for nothing and may run on every replica and
/// every thread at once.
public struct GameAdmission: Sendable {
  let cluster: any ClusterReader
  let plugins: PluginRegistry
  let validation: ValidationMode
  let hotReload: HotReloadDefaults
  let hostPorts: PortRange?

  /// Decides with this view of the cluster and these plugins.
  ///
  /// - Parameters:
  ///   - cluster: a store whose pods, GameServers and GameServerSets have not all synced answers reviews that need them with HTTP 503; a
  ///     store without a cluster is made to count as synced by replacing its objects with an empty list.
  ///   - hostPorts: the ports that HostPort may give, for advice about sets with more servers; nil gives none.
  public init(
    cluster: any ClusterReader, plugins: PluginRegistry, validation: ValidationMode = .strict,
    hotReload: HotReloadDefaults, hostPorts: PortRange? = nil
  ) {
    self.cluster = cluster
    self.plugins = plugins
    self.validation = validation
    self.hotReload = hotReload
    self.hostPorts = hostPorts
  }

  /// The handlers of all paths.
  ///
  /// - Parameters:
  ///   - tracer: makes spans of the reviews that change pods; nil makes none.
  ///   - statistics: makes the instruments of a path; nil counts nothing.
  public func handlers(
    tracer: Tracer? = nil, statistics: (ReviewPath) -> AdmissionStatistics? = { _ in nil }
  ) -> [AdmissionHandler] {
    ReviewPath.allCases.map { handler($0, statistics: statistics($0), tracer: tracer) }
  }

  /// The handler of one path.
  public func handler(
    _ path: ReviewPath, statistics: AdmissionStatistics? = nil, tracer: Tracer? = nil
  ) -> AdmissionHandler {
    let trace = path == .mutatePod ? tracer.map { PodTrace.make($0, plugins) } : nil
    return AdmissionHandler(path: path.rawValue, reviewer: reviewer(path), statistics: statistics, trace: trace)
  }

  /// Decides one review and keeps what each mutator did and why.
  ///
  /// - Throws: ``Unavailable`` where the stores that the review needs have not synced.
  public func explain(_ request: AdmissionRequest, at path: ReviewPath) throws(Unavailable) -> ReviewResult {
    try handler(path).decide(request, deadline: .now + ReviewDeadline.longest, isExplaining: true)
  }

  /// Everything that validation says of an object, and advice besides; nothing for a kind that is not validated.
  ///
  /// - Parameter old: the object as it is stored; rules then look only at what differs.
  public func validate(_ object: KubernetesObject, old: KubernetesObject? = nil) -> [Finding] {
    let change = Change(new: object.json, old: old?.json)
    switch object.kind {
    case "Pod":
      var findings = FindingList(validation)
      PodRules(admission: self).check(object.as(Pod.self), object.key, &findings)
      return findings.findings
    case "GameServerSet": return GameServerSetRules.check(change, self).findings
    case "GameServer": return GameServerRules.check(change, self).findings
    default: return []
    }
  }

  private func reviewer(_ path: ReviewPath) -> any Reviewer {
    switch path {
    case .mutatePod: PodMutatingReviewer(self)
    case .validatePod: PodValidatingReviewer(admission: self)
    case .mutateGameServerSet:
      DefaultingReviewer(resource: .gameServerSets, pipeline: Pipeline([GameServerSetDefaults()]))
    case .validateGameServerSet: GameServerSetValidatingReviewer(admission: self)
    case .mutateGameServer: DefaultingReviewer(resource: .gameServers, pipeline: Pipeline([GameServerDefaults()]))
    case .validateGameServer: GameServerValidatingReviewer(admission: self)
    }
  }
}

extension GameAdmission {
  /// Makes sure that the stores behind a decision have been filled.
  ///
  /// - Throws: ``ReviewFailure/unavailable(_:)`` where one has not: a decision without it could be wrong, and must not be silent.
  func requireSynced(_ resources: Resource...) throws(ReviewFailure) {
    for resource in resources where !cluster.hasSynced(resource) {
      throw .unavailable("the store of \(resource) has not synced yet")
    }
  }
}

extension AdmissionRequest {
  /// Makes sure that the review is about a resource.
  ///
  /// - Throws: a refusal with code 400: the webhook is registered for something else than its path decides.
  func require(_ resource: Resource) throws(ReviewFailure) {
    guard concerns(resource.plural, group: resource.group) else {
      throw .refused(
        Refusal("this path reviews \(resource), and the review is about \(self.resource)", .badRequest))
    }
  }

  /// The object that a CREATE or UPDATE would store.
  ///
  /// - Throws: a refusal with code 400 where the review carries none, or one of another kind.
  func newObject(_ kind: String) throws(ReviewFailure) -> JSONView {
    guard let object else {
      throw .refused(
        Refusal("request.object is absent: a \(operation.rawValue) review carries the object", .badRequest))
    }
    guard object["kind"].map({ $0.isString(kind) }) ?? true else {
      let found = object["kind"]?.text ?? ""
      throw .refused(Refusal("request.object.kind \(found): this path reviews objects of kind \(kind)", .badRequest))
    }
    return object
  }

  /// Whether the API server still has to make the name of a pod.
  func isUnnamed(_ pod: Pod) -> Bool {
    guard let name = pod.json["metadata"]?["name"], !name.isNull, !name.isString("") else { return self.name.isEmpty }
    return false
  }

  /// The key of the object; where the API server still has to make the name, the prefix that it makes it from.
  func key(_ object: JSONView?) -> NamespacedName {
    let metadata = ObjectMetadata(object?["metadata"])
    let name = [metadata.name, self.name].first { !$0.isEmpty } ?? metadata.generateName
    let namespace = self.namespace
    return NamespacedName(namespace.isEmpty ? metadata.namespace : namespace, name)
  }
}
