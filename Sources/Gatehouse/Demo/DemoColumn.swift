import HotReload
import JSON
import Kubernetes

/// What the table tells of a game server.
enum DemoColumn: String, Sendable {
  case state
  case opsState = "ops state"
  case updatePriority = "update priority"
  case deletionPriority = "deletion priority"
  case node
  case image
  case restarts
  case hostPorts = "host ports"
  case network
  case assets
  case reload
  case sidecarRestarts = "sidecar restarts"
  case uid = "pod id"

  /// The value for one server; `-` where there is none.
  func value(_ server: DemoServer) -> String {
    let value: String? =
      switch self {
      case .state: server.server?.status?["currentState"]?.string
      case .opsState: server.server?.opsState
      case .updatePriority: server.pod.metadata.labels[GameLabels.updatePriority]
      case .deletionPriority: server.pod.metadata.labels[GameLabels.deletePriority]
      case .node: server.pod.nodeName
      case .image: server.pod.containers.first { $0.name != AgentPaths.containerName }.map { Self.tag($0.image) }
      case .restarts: server.gameStatus.map { "\($0.restartCount)" }
      case .hostPorts: Self.ports(server.hostPorts)
      case .network: server.server?.status?["networkStatus"]?["currentNetworkState"]?.string
      case .assets: server.annotation(.revision).map(Self.tag)
      case .reload: server.annotation(.result)
      case .sidecarRestarts: server.sidecarStatus.map { "\($0.restartCount)" }
      case .uid: server.pod.metadata.uid
      }
    return value.flatMap { $0.isEmpty ? nil : $0 } ?? "-"
  }

  private static func ports(_ ports: [ContainerPort]) -> String {
    ports.map { "\($0.hostPort)/\($0.proto)" }.joined(separator: " ")
  }

  /// What stands behind the last colon of an image.
  private static func tag(_ image: String) -> String {
    image.lastIndex(of: ":").map { String(image[image.index(after: $0)...]) } ?? image
  }
}

/// A game server with its pod, as the demonstration sees them.
struct DemoServer: Sendable {
  /// The pod.
  let pod: Pod
  /// The game server; nil before it is made.
  let server: GameServer?

  /// The name of both.
  var name: String { pod.name }
  /// The ports that the pod takes of its node.
  var hostPorts: [ContainerPort] { pod.containers.flatMap(\.ports).filter { $0.hostPort > 0 } }
  /// What kubelet reports of the game's container.
  var gameStatus: ContainerStatus? { pod.containerStatuses.first { $0.name != AgentPaths.containerName } }
  /// What kubelet reports of the hot-reload sidecar.
  var sidecarStatus: ContainerStatus? {
    (pod.initContainerStatuses + pod.containerStatuses).first { $0.name == AgentPaths.containerName }
  }

  /// An annotation of hot reload.
  func annotation(_ name: HotReloadAnnotation) -> String? { server?.metadata.annotations[name.key] }
}
