import JSON
import Kubernetes

/// The parts of a pod's specification that decide whether and how a sidecar fits in.
struct PodShape {
  /// A container, as far as it matters.
  struct Container {
    let list: PodEditor.ContainerList
    /// The position in its list.
    let position: Int
    let name: String
    let mounts: [Mount]
    let ports: [Int]
    let user: Int?
    let group: Int?
    let isGuaranteed: Bool
  }

  /// An entry of `volumeMounts`.
  struct Mount {
    let volume: String
    let path: String
    let usesSubPath: Bool
  }

  let containers: [Container]
  let volumes: [JSONValue]
  let shareProcessNamespace: Bool?
  let usesHostProcesses: Bool
  let usesHostNetwork: Bool
  let hasPodResources: Bool
  let operatingSystem: String

  /// Reads the fields of a pod's specification.
  init(_ field: (String) -> JSONValue?) {
    let security = field("securityContext")
    containers = [PodEditor.ContainerList.initContainers, .containers].flatMap { list in
      (field(list.rawValue)?.array ?? []).enumerated().map { Container(list, $0.offset, $0.element, security) }
    }
    volumes = field("volumes")?.array ?? []
    shareProcessNamespace = field("shareProcessNamespace")?.bool
    usesHostProcesses = field("hostPID")?.bool ?? false
    usesHostNetwork = field("hostNetwork")?.bool ?? false
    hasPodResources = field("resources")?.object?.isEmpty == false
    operatingSystem = field("os")?["name"]?.string ?? "linux"
  }

  /// The pod with the changes of the steps before.
  init(_ editor: PodEditor) { self.init { editor.spec($0) } }

  /// A pod's specification as it stands in a template.
  init(_ spec: JSONView?) { self.init { name in spec?[name].map { JSONValue($0) } } }

  /// The container of that name.
  func container(_ name: String) -> Container? { containers.first { $0.name == name } }

  /// The first container of the game.
  var firstContainer: Container? { containers.first { $0.list == .containers && $0.name != AgentPaths.containerName } }

  /// Whether Kubernetes puts the pod into the Guaranteed class: every container has limits for CPU and memory and asks for as much.
  ///
  /// Resources of the pod as a whole decide the class by themselves, whatever a sidecar asks for.
  var isGuaranteed: Bool { !hasPodResources && !containers.isEmpty && containers.allSatisfy(\.isGuaranteed) }

  /// The names of the volumes.
  var volumeNames: [String] { volumes.compactMap { $0["name"]?.string } }

  /// The first port from the standard one on that no container of the pod declares and that the game is not told at.
  func freeStatusPort(_ notification: ReloadNotification) -> Int {
    let taken = Set(containers.flatMap(\.ports) + [notification.port].compactMap { $0 })
    return (AgentPaths.statusPort...65535).first { !taken.contains($0) } ?? AgentPaths.statusPort
  }
}

extension PodShape.Container {
  init(_ list: PodEditor.ContainerList, _ position: Int, _ container: JSONValue, _ podSecurity: JSONValue?) {
    self.list = list
    self.position = position
    name = container["name"]?.string ?? ""
    mounts = (container["volumeMounts"]?.array ?? []).map(PodShape.Mount.init)
    ports = (container["ports"]?.array ?? []).compactMap { $0["containerPort"]?.int }
    let security = container["securityContext"]
    user = security?["runAsUser"]?.int ?? podSecurity?["runAsUser"]?.int
    group = security?["runAsGroup"]?.int ?? podSecurity?["runAsGroup"]?.int
    isGuaranteed = ["cpu", "memory"].allSatisfy { name in
      guard let limit = Self.amount(container["resources"]?["limits"]?[name]), !limit.isZero else {
        return false
      }
      guard let request = container["resources"]?["requests"]?[name] else { return true }
      return Self.amount(request) == limit
    }
  }

  /// An amount, which manifests may also write as a number.
  private static func amount(_ value: JSONValue?) -> Quantity? {
    switch value {
    case .string(let text)?: Quantity(text)
    case .number(let number)?: Quantity(number.description)
    default: nil
    }
  }
}

extension PodShape.Mount {
  init(_ mount: JSONValue) {
    volume = mount["name"]?.string ?? ""
    let text = mount["mountPath"]?.string ?? ""
    path = "/" + text.split(separator: "/").joined(separator: "/")
    usesSubPath = ["subPath", "subPathExpr"].contains { mount[$0]?.string?.isEmpty == false }
  }
}
