import JSON
import Kubernetes

/// The rules that need both the settings and the pod; the same for admission and for `lint`.
struct SidecarChecks {
  let settings: HotReloadSettings
  let pod: PodShape
  let defaults: HotReloadDefaults
  /// Where the pod's specification stands in the object, for field paths.
  let path: String

  /// Everything that is wrong or doubtful, in the order of the sections below.
  var problems: [HotReloadProblem] {
    containerProblems + mountProblems + volumeProblems + processProblems + modeProblems
  }

  /// The containers that get the mount.
  var targets: [PodShape.Container] {
    if settings.containers.isEmpty { return pod.firstContainer.map { [$0] } ?? [] }
    return settings.containers.compactMap(pod.container)
  }

  /// Whether the sidecar is a native one.
  var isNative: Bool {
    switch settings.mode {
    case .native: true
    case .container: false
    case .auto: defaults.serverSupportsNativeSidecars
    }
  }

  private var containerProblems: [HotReloadProblem] {
    let names = pod.containers.map(\.name).joined(separator: ", ")
    var problems = settings.containers.filter { pod.container($0) == nil }.map {
      HotReloadProblem(
        .error, .container, .containers, $0, "names no container of the pod: it takes some of \(names)")
    }
    if targets.isEmpty, problems.isEmpty {
      problems.append(
        HotReloadProblem(.error, .container, field: path + ".containers", value: "", "holds no container for the mount")
      )
    }
    let helpers = SidecarContainers.helpers(settings, isNative: isNative)
    problems += pod.containers.filter { helpers.contains($0.name) }.map {
      HotReloadProblem(
        .error, .container, field: "\(path).\($0.list.rawValue)[\($0.position)].name", value: $0.name,
        "is a name that hot reload needs: rename the container")
    }
    if pod.operatingSystem != "linux" {
      problems.append(
        HotReloadProblem(
          .error, .operatingSystem, field: path + ".os.name", value: pod.operatingSystem,
          "has no hot reload: the agent runs on linux"))
    }
    return problems
  }

  private var mountProblems: [HotReloadProblem] {
    targets.flatMap { container in container.mounts.compactMap { problem(of: $0, in: container) } }
  }

  /// A mount at or below the published directory hides what is published or keeps the container from starting; one by `subPath` never updates,
  /// because kubelet resolves the path once, when the container starts.
  private func problem(of mount: PodShape.Mount, in container: PodShape.Container) -> HotReloadProblem? {
    let field = "\(path).\(container.list.rawValue)[\(container.position)].volumeMounts"
    if MountPath.contains(settings.mount.path, mount.path) {
      let reason =
        mount.usesSubPath
        ? "is a subPath inside the hot-reload mount and would never update: remove it, the file appears there by itself"
        : "lies inside the hot-reload mount \(settings.mount.path): choose directories apart from each other"
      return HotReloadProblem(.error, mount.usesSubPath ? .subPath : .mount, field: field, value: mount.path, reason)
    }
    guard mount.usesSubPath, isSource(mount.volume) else { return nil }
    return HotReloadProblem(
      .warning, .subPath, field: field, value: mount.path,
      "is a subPath of the source and never updates: read the file from \(settings.mount.path)")
  }

  /// Whether a volume of the pod shows the same object as the source.
  private func isSource(_ volume: String) -> Bool {
    guard let volume = pod.volumes.first(where: { $0["name"]?.string == volume }) else { return false }
    switch settings.source {
    case .configMap(let name): return volume["configMap"]?["name"]?.string == name
    case .secret(let name): return volume["secret"]?["secretName"]?.string == name
    case .image: return false
    }
  }

  private var volumeProblems: [HotReloadProblem] {
    let own = SidecarVolumes.names
    return pod.volumeNames.filter(own.contains).map {
      HotReloadProblem(
        .error, .volume, field: path + ".volumes", value: $0,
        "is a name that hot reload needs: rename the volume (\(own.joined(separator: ", ")) are taken)")
    }
  }

  private var processProblems: [HotReloadProblem] {
    guard case .signal = settings.notification else { return [] }
    if pod.usesHostProcesses {
      return [
        HotReloadProblem(
          .error, .processes, field: path + ".hostPID", value: "true",
          "would let a signal reach processes of other pods: use notify http, tcp or exec")
      ]
    }
    if pod.shareProcessNamespace == false {
      return [
        HotReloadProblem(
          .error, .processes, field: path + ".shareProcessNamespace", value: "false",
          "keeps the agent from seeing the game's processes: remove it, or use notify http, tcp or exec")
      ]
    }
    guard targets.contains(where: { ($0.user ?? 0) == 0 }) else { return [] }
    return [
      HotReloadProblem(
        .warning, .user, field: path + ".securityContext.runAsUser", value: "",
        "is unset or 0, so the agent signals as root with KILL alone: set the user")
    ]
  }

  private var modeProblems: [HotReloadProblem] {
    guard settings.mode == .native, !defaults.serverSupportsNativeSidecars else { return [] }
    return [
      HotReloadProblem(
        .error, .mode, .mode, settings.mode.rawValue,
        "needs an API server of 1.29 or newer, this one would never start the game: it takes auto or container")
    ]
  }
}
