public import JSON

/// A pod.
public struct Pod: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a pod.
  public init(_ json: JSONView) { self.json = json }

  /// The `spec` object.
  public var spec: JSONView? { json["spec"] }
  /// The `status` object.
  public var status: JSONView? { json["status"] }
  /// The containers.
  public var containers: [Container] { list("containers") }
  /// The init containers, among them native sidecars.
  public var initContainers: [Container] { list("initContainers") }
  /// The node to which the pod is bound; empty while it is not.
  public var nodeName: String { spec?["nodeName"]?.string ?? "" }
  /// The phase: `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown` or empty.
  public var phase: String { status?["phase"]?.string ?? "" }
  /// The pod's address; empty while it has none.
  public var podIP: String { status?["podIP"]?.string ?? "" }
  /// Whether the pod ended and holds no resources of its node.
  public var isTerminal: Bool { phase == "Succeeded" || phase == "Failed" }
  /// The condition `Ready`.
  public var isReady: Bool { condition("Ready")?.isTrue ?? false }
  /// The name of the GameServerSet that the pod belongs to; nil for any other pod.
  public var ownerSet: String? { metadata.labels[GameLabels.ownerSet] }
  /// The number behind the last dash of the name, 0 where there is none.
  public var ordinal: Int { Ordinal.of(name) }

  /// The condition of the given type.
  public func condition(_ type: String) -> Condition? {
    status?["conditions"]?.elements.lazy.map(Condition.init).first { $0.type == type }
  }

  /// The statuses of the containers.
  public var containerStatuses: [ContainerStatus] {
    status?["containerStatuses"]?.elements.map(ContainerStatus.init) ?? []
  }

  /// The statuses of the init containers.
  public var initContainerStatuses: [ContainerStatus] {
    status?["initContainerStatuses"]?.elements.map(ContainerStatus.init) ?? []
  }

  private func list(_ field: String) -> [Container] { spec?[field]?.elements.map(Container.init) ?? [] }
}

/// A container of a pod or of a pod template.
public struct Container: Sendable {
  /// The container as it was received.
  public let json: JSONView
  /// Looks at a container.
  public init(_ json: JSONView) { self.json = json }

  /// The name.
  public var name: String { json["name"]?.string ?? "" }
  /// The image.
  public var image: String { json["image"]?.string ?? "" }
  /// The ports.
  public var ports: [ContainerPort] { json["ports"]?.elements.map(ContainerPort.init) ?? [] }
  /// The `resources` object.
  public var resources: JSONView? { json["resources"] }
  /// The `volumeMounts` entries.
  public var volumeMounts: [JSONView] { json["volumeMounts"].map { Array($0.elements) } ?? [] }
}

/// A port of a container.
public struct ContainerPort: Sendable, Hashable {
  /// The port inside the container.
  public let containerPort: Int
  /// The port on the node; 0 where there is none.
  public let hostPort: Int
  /// `TCP`, `UDP` or `SCTP`.
  public let proto: String

  /// Reads a port; the protocol is TCP where it is absent, as the API server defaults it.
  public init(_ json: JSONView) {
    containerPort = json["containerPort"]?.int ?? 0
    hostPort = json["hostPort"]?.int ?? 0
    proto = json["protocol"]?.string ?? "TCP"
  }
}

/// An entry of `status.containerStatuses`.
public struct ContainerStatus: Sendable {
  /// The status as it was received.
  public let json: JSONView
  /// Looks at a status.
  public init(_ json: JSONView) { self.json = json }

  /// The container's name.
  public var name: String { json["name"]?.string ?? "" }
  /// The image as the runtime reports it.
  public var image: String { json["image"]?.string ?? "" }
  /// The image's digest as the runtime reports it.
  public var imageID: String { json["imageID"]?.string ?? "" }
  /// Whether the container passes its readiness probe.
  public var isReady: Bool { json["ready"]?.bool ?? false }
  /// How often the container was restarted.
  public var restartCount: Int { json["restartCount"]?.int ?? 0 }
}

/// An entry of `status.conditions`.
public struct Condition: Sendable {
  /// The condition as it was received.
  public let json: JSONView
  /// Looks at a condition.
  public init(_ json: JSONView) { self.json = json }

  /// The type.
  public var type: String { json["type"]?.string ?? "" }
  /// `True`, `False` or `Unknown`.
  public var status: String { json["status"]?.string ?? "" }
  /// Whether the status is `True`.
  public var isTrue: Bool { json["status"]?.isString("True") ?? false }
  /// One word why.
  public var reason: String { json["reason"]?.string ?? "" }
  /// A sentence why.
  public var message: String { json["message"]?.string ?? "" }
  /// When the status changed (RFC 3339).
  public var lastTransitionTime: String? { json["lastTransitionTime"]?.string }
  /// When the condition was probed (RFC 3339).
  public var lastProbeTime: String? { json["lastProbeTime"]?.string }
}
