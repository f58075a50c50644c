import JSON
import Kubernetes
import NetworkPlugins
import Testing

/// Runs the admission step of plugins on pods that are written as JSON.
struct AdmissionBench {
  var configuration: ProviderConfiguration = {
    var configuration = ProviderConfiguration.shipped
    configuration.aws.enable = true
    configuration.jdCloud.enable = true
    return configuration
  }()
  let store = ObjectStore()
  let hostPorts: HostPortAllocator
  let registry: PluginRegistry

  init(hostPorts range: PortRange = PortRange(8000, 9000)) {
    configuration.kubernetes.hostPort = range
    hostPorts = HostPortAllocator(range: range)
    hostPorts.observe(store)
    registry = PluginRegistry(configuration, hostPorts: hostPorts)
  }

  static let containers = #"[{"name":"game","image":"i"}]"#

  /// A pod of the set `game` with a network.
  func pod(
    _ type: String, _ parameters: KeyValuePairs<String, String>, name: String = "game-3",
    containers: String = Self.containers, labels: String = ""
  ) throws -> Pod {
    let conf = JSONValue.array(parameters.map { ["name": .string($0.key), "value": .string($0.value)] })
    let text = """
      {"metadata":{"name":"\(name)","namespace":"ns",
      "labels":{"game.kruise.io/owner-gss":"game"\(labels)},
      "annotations":{"game.kruise.io/network-type":"\(type)","game.kruise.io/network-conf":\(JSONValue.string(conf.text).text)}},
      "spec":{"containers":\(containers)}}
      """
    return Pod(try JSONDocument(text).root)
  }

  /// The patch that admission makes of a pod, one operation a line, and its notes.
  func admit(_ pod: Pod, isDryRun: Bool = false, isStrict: Bool = true) throws(PluginError) -> Outcome {
    var editor = PodEditor(pod)
    let notes = try registry.admit(&editor, podKey: pod.key, isDryRun: isDryRun, isStrict: isStrict, cluster: store)
    return Outcome(patch: editor.patch, result: editor.result, notes: notes)
  }

  /// What came of a pod.
  struct Outcome {
    let patch: JSONPatch
    let result: JSONValue
    let notes: [PluginNote]

    /// The operations as `op path value`.
    var lines: [String] {
      patch.operations.map {
        switch $0 {
        case .add(let path, let value): "add \(path) \(value.text)"
        case .replace(let path, let value): "replace \(path) \(value.text)"
        case .remove(let path): "remove \(path)"
        case .move, .copy, .test: "unexpected"
        }
      }
    }

    /// The pod as it is afterwards.
    var pod: Pod { KubernetesObject(result).as(Pod.self) }
  }
}
