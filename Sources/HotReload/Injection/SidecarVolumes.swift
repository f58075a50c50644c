import JSON

/// The volumes that hot reload adds to a pod.
struct SidecarVolumes {
  /// The published revisions, shared with the game.
  static let publish = "hot-reload"
  /// The source as kubelet writes it.
  static let source = "hot-reload-source"
  /// The pod's own name, namespace and labels.
  static let pod = "hot-reload-pod"
  /// The agent's program, for a source inside an image.
  static let bin = "hot-reload-bin"
  /// An empty directory in the place where Kubernetes would put the API token.
  static let token = "hot-reload-no-token"
  /// All of them.
  static let names = [publish, source, pod, bin, token]

  let settings: HotReloadSettings

  /// The entries of `volumes`.
  var values: [JSONValue] {
    [publishVolume, sourceVolume, podVolume, ["name": .string(Self.token), "emptyDir": ["sizeLimit": "1Mi"]]]
      .compactMap { $0 }
  }

  /// What a Secret holds must not reach the node's disk, so its copies live in memory.
  private var publishVolume: JSONValue {
    var directory: JSONValue = ["sizeLimit": .string(settings.sizeLimit.text)]
    if case .secret = settings.source { directory["medium"] = "Memory" }
    return ["name": .string(Self.publish), "emptyDir": directory]
  }

  /// The object is required, so that a pod whose ConfigMap is missing waits for it instead of starting on an empty directory.
  ///
  /// A source inside an image needs a place for the agent instead; 64 MiB hold the static program several times.
  private var sourceVolume: JSONValue {
    switch settings.source {
    case .configMap(let name): ["name": .string(Self.source), "configMap": ["name": .string(name)]]
    case .secret(let name): ["name": .string(Self.source), "secret": ["secretName": .string(name)]]
    case .image: ["name": .string(Self.bin), "emptyDir": ["sizeLimit": "64Mi"]]
    }
  }

  private var podVolume: JSONValue {
    let items: [JSONValue] = ["labels", "name", "namespace"].map {
      ["path": .string($0), "fieldRef": ["fieldPath": .string("metadata." + $0)]]
    }
    return ["name": .string(Self.pod), "downwardAPI": ["items": .array(items)]]
  }

  /// The mounts of the sidecar; the game gets only ``publish``.
  var mounts: [JSONValue] {
    var mounts = [Self.mount(Self.publish, AgentPaths.publish, isReadOnly: false)]
    mounts.append(
      settings.source.isImage
        ? Self.mount(Self.bin, AgentPaths.bin) : Self.mount(Self.source, AgentPaths.source))
    mounts.append(Self.mount(Self.pod, AgentPaths.pod))
    mounts.append(Self.mount(Self.token, AgentPaths.token))
    return mounts
  }

  /// An entry of `volumeMounts`.
  static func mount(_ volume: String, _ path: String, isReadOnly: Bool = true) -> JSONValue {
    var mount: JSONValue = ["name": .string(volume), "mountPath": .string(path)]
    if isReadOnly { mount["readOnly"] = true }
    return mount
  }
}
