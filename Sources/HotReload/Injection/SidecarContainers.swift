import JSON

/// The containers that hot reload adds to a pod.
///
/// A ConfigMap or Secret needs one container: the sidecar, from the agent's image. Assets inside an image need the agent to run *in* that image, which knows
/// nothing of it, and image volumes are too new to rely on. So an init container copies the agent (a static program, that runs anywhere) into an emptyDir and
/// the sidecar runs the assets' image with that program. A change of `source: image:REF` then is an image change of the sidecar alone.
///
/// As a native sidecar its startup probe keeps the game back until the first revision is complete. As a plain container nothing waits for it, so
/// an init container publishes the first revision and ends.
struct SidecarContainers {
  let settings: HotReloadSettings
  let pod: PodShape
  let defaults: HotReloadDefaults
  let isNative: Bool
  let users: SidecarUser

  /// The names of the init containers that prepare what the sidecar needs.
  static let install = "hot-reload-install"
  static let first = "hot-reload-first"

  /// The names of the helpers that settings need.
  static func helpers(_ settings: HotReloadSettings, isNative: Bool) -> [String] {
    (settings.source.isImage ? [install] : []) + (isNative ? [] : [first])
  }

  /// The init containers, in the order in which they run.
  var initContainers: [JSONValue] {
    var list: [JSONValue] = []
    if settings.source.isImage { list.append(installer) }
    list.append(isNative ? sidecar : firstPublisher)
    return list
  }

  /// The container beside the game's, where the sidecar is no native one.
  var container: JSONValue? {
    // Not `nil`, which in this context would be JSON's `null`.
    isNative ? Optional.none : sidecar
  }

  private var statusPort: Int { pod.freeStatusPort(settings.notification) }

  private var agentImage: String { settings.agentImage ?? defaults.agentImage }

  /// Copies the program; it does so itself, because its image holds no shell.
  private var installer: JSONValue {
    [
      "name": .string(Self.install), "image": .string(agentImage),
      "command": [.string(AgentPaths.binary), "hot-reload", "--install", .string(AgentPaths.bin)],
      "resources": resources, "securityContext": users.securityContext(signals: false),
      "volumeMounts": [
        SidecarVolumes.mount(SidecarVolumes.bin, AgentPaths.bin, isReadOnly: false),
        SidecarVolumes.mount(SidecarVolumes.token, AgentPaths.token),
      ],
    ]
  }

  private var firstPublisher: JSONValue {
    var container = agent(name: Self.first, arguments: ["--once"])
    container["securityContext"] = users.securityContext(signals: false)
    container["env"] = .array(environment)
    return container
  }

  private var sidecar: JSONValue {
    var container = agent(name: AgentPaths.containerName, arguments: [])
    if isNative { container["restartPolicy"] = "Always" }
    container["env"] = .array(environment)
    if !pod.usesHostNetwork {
      container["ports"] = [["name": "hot-reload", "containerPort": .int(statusPort)]]
    }
    container["startupProbe"] = startupProbe
    return container
  }

  private func agent(name: String, arguments: [String]) -> JSONValue {
    var image = agentImage
    if case .image(let reference, _) = settings.source { image = reference }
    let command = [program, "hot-reload"] + arguments
    return [
      "name": .string(name), "image": .string(image), "command": .array(command.map { .string($0) }),
      "resources": resources, "securityContext": users.securityContext(signals: true),
      "volumeMounts": .array(SidecarVolumes(settings: settings).mounts),
    ]
  }

  private var program: String {
    settings.source.isImage ? AgentPaths.bin + AgentPaths.binary : AgentPaths.binary
  }

  /// Succeeds once a revision of this container's source is published, or the gate holds it.
  ///
  /// So a new image that holds nothing to publish keeps the pod unready and a staged roll-out stops there, while the game sees the set that it had.
  /// Tried every second for ten minutes, the time that a node may need to mount a large volume; then kubelet restarts the agent. In the
  /// node's network any port may be taken by another pod, so there the agent is asked by a command.
  private var startupProbe: JSONValue {
    var probe: JSONValue = ["periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 600]
    if pod.usesHostNetwork {
      let command: [JSONValue] = [
        .string(program), "hot-reload", "--check-started", "--publish", .string(AgentPaths.publish),
      ]
      probe["exec"] = ["command": .array(command)]
    } else {
      probe["httpGet"] = ["path": "/startup", "port": .int(statusPort)]
    }
    return probe
  }

  private var resources: JSONValue {
    let own = settings.resources
    let isGuaranteed = pod.isGuaranteed
    return [
      "requests": [
        "cpu": .string(isGuaranteed ? own.cpu.limit.text : own.cpu.request.text),
        "memory": .string(isGuaranteed ? own.memory.limit.text : own.memory.request.text),
      ],
      "limits": ["cpu": .string(own.cpu.limit.text), "memory": .string(own.memory.limit.text)],
    ]
  }

  private var environment: [JSONValue] {
    var source = AgentPaths.source
    if case .image(_, let path) = settings.source { source = path }
    var pairs: [(AgentVariable, String)] = [
      (.source, source), (.publish, AgentPaths.publish), (.notify, settings.notification.description),
    ]
    if let target = settings.notification.target { pairs.append((.notifyTarget, target.description)) }
    pairs += [
      (.gate, settings.gate.rawValue), (.gateFile, AgentPaths.pod + "/labels"), (.pod, AgentPaths.pod),
      (.statusPort, pod.usesHostNetwork ? "0" : String(statusPort)),
      (.sizeLimit, String(settings.sizeLimit.units)),
    ]
    return pairs.map { ["name": .string($0.0.rawValue), "value": .string(Self.escape($0.1))] }
  }

  /// Doubles dollar signs, which Kubernetes would expand (`$(NAME)`) or halve (`$$`) in a variable's value.
  static func escape(_ value: String) -> String {
    value.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
  }
}

/// The environment variables that the webhook injects and the agent reads; each stands for the flag of the same name.
public enum AgentVariable: String, Sendable, CaseIterable {
  case source = "HOT_RELOAD_SOURCE"
  case publish = "HOT_RELOAD_PUBLISH"
  case notify = "HOT_RELOAD_NOTIFY"
  case notifyTarget = "HOT_RELOAD_NOTIFY_TARGET"
  case gate = "HOT_RELOAD_GATE"
  case gateFile = "HOT_RELOAD_GATE_FILE"
  case pod = "HOT_RELOAD_POD"
  case statusPort = "HOT_RELOAD_STATUS_PORT"
  case sizeLimit = "HOT_RELOAD_SIZE_LIMIT"
}
