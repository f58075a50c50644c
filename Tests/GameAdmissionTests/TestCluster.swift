import Admission
import Foundation
import GameAdmission
import HotReload
import JSON
import Kubernetes
import NetworkPlugins
import TestSupport
import Testing

/// The cluster that the fixtures speak of, from `Fixtures/cluster.json`.
struct TestCluster {
  let store: ObjectStore

  /// A filled store.
  init(isSynced: Bool = true) throws {
    store = ObjectStore()
    let objects = try JSONDocument(try Fixture.load("Fixtures/cluster.json")).root.elements.map(KubernetesObject.init)
    for resource in [Resource.pods, .gameServers, .gameServerSets] {
      let own = objects.filter { $0.kind == resource.kind }
      if isSynced { store.replace(resource, with: own) } else { own.forEach { store.set(resource, $0) } }
    }
  }

  /// Admission over the store, with the providers as they are shipped and an allocator that no other test has used.
  func admission(
    _ validation: ValidationMode = .strict, hostPorts: PortRange = ProviderConfiguration.shipped.kubernetes.hostPort
  ) -> GameAdmission {
    var configuration = ProviderConfiguration.shipped
    configuration.kubernetes.hostPort = hostPorts
    let allocator = HostPortAllocator(range: hostPorts)
    allocator.observe(store)
    return GameAdmission(
      cluster: store, plugins: PluginRegistry(configuration, hostPorts: allocator), validation: validation,
      hotReload: HotReloadDefaults(agentImage: "registry.example/gatehouse:1", serverSupportsNativeSidecars: true),
      hostPorts: hostPorts)
  }
}

/// What was answered to a review, in readable form.
struct Answered {
  let status: Int
  /// The response without its id and patch.
  let response: JSONValue
  let patch: JSONPatch?

  init(
    _ body: [UInt8], at path: ReviewPath, _ admission: GameAdmission, receivedAt: ContinuousClock.Instant = .now
  ) throws {
    var answer = AdmissionAnswer()
    admission.handler(path).handle(body: body.span, query: "timeout=10s", receivedAt: receivedAt, into: &answer)
    status = answer.status
    let root = try JSONDocument(answer.body).root
    var response = JSONValue(root)["response"] ?? .null
    patch = try root["response"]?["patch"]?.base64.map { try JSONPatch(try JSONDocument($0).root) }
    for name in ["uid", "patch", "patchType"] where response.object != nil { response[name] = nil }
    self.response = response
  }
}

/// The fixtures of one path.
enum FixtureFolder: String, CaseIterable {
  case mutatePod = "mutate-pod"
  case validatePod = "validate-pod"
  case mutateSet = "mutate-gss"
  case validateSet = "validate-gss"
  case mutateServer = "mutate-gs"
  case validateServer = "validate-gs"

  var path: ReviewPath {
    switch self {
    case .mutatePod: .mutatePod
    case .validatePod: .validatePod
    case .mutateSet: .mutateGameServerSet
    case .validateSet: .validateGameServerSet
    case .mutateServer: .mutateGameServer
    case .validateServer: .validateGameServer
    }
  }
}

/// A golden case: a review, and beside it the patch, the rest of the response, or the patched object.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  let folder: FixtureFolder
  let name: String

  var testDescription: String { "\(folder.rawValue)/\(name)" }
  var review: [UInt8] { get throws { try Fixture.load("Fixtures/\(folder.rawValue)/\(name).review.json") } }

  /// A file beside the review; nil where there is none.
  func expected(_ kind: String) throws -> JSONValue? {
    let file = "Fixtures/\(folder.rawValue)/\(name).\(kind).json"
    guard FileManager.default.fileExists(atPath: Fixture.url(file).path) else { return nil }
    return JSONValue(try JSONDocument(try Fixture.load(file)).root)
  }

  static let all: [GoldenCase] = FixtureFolder.allCases.flatMap { folder in
    let suffix = ".review.json"
    let names = (try? Fixture.names(in: "Fixtures/\(folder.rawValue)", suffix: suffix)) ?? []
    return names.map { GoldenCase(folder: folder, name: String($0.dropLast(suffix.count))) }
  }
}
