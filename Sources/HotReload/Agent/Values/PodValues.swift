internal import EventLoop
internal import Kubernetes

/// What a pod knows of itself: the values that templates may use, and what the gate looks at.
struct PodValues: Sendable, Equatable {
  let name: String
  let namespace: String
  let labels: [String: String]

  /// The number at the end of the name.
  var ordinal: Int? { Ordinal.parse(name) }

  init(name: String, namespace: String, labels: [String: String]) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
  }

  /// Reads the files `name`, `namespace` and `labels` of a downward API volume; one that is missing counts as empty.
  ///
  /// Kubelet swaps all files of a volume at once, so they are read behind one look at `..data`.
  init(directory: String) throws(AgentError) {
    let root = SourceTree.root(of: directory)
    name = try PodValues.line("\(root)/name")
    namespace = try PodValues.line("\(root)/namespace")
    labels = LabelFile.parse(try PodValues.bytes("\(root)/labels"))
  }

  /// Labels are at most 256 KiB with the annotations (Kubernetes' limit for both); names are far shorter.
  private static func bytes(_ path: String) throws(AgentError) -> [UInt8] {
    try AgentError.wrap { () throws(SystemError) in try FileSystem.read(path, limit: 512 * 1024) } ?? []
  }

  private static func line(_ path: String) throws(AgentError) -> String {
    String(decoding: try bytes(path).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}

/// Whether a new revision may be published now.
enum PublishGate {
  /// Looks at the pod's labels in the file of the downward API.
  ///
  /// A file that cannot be read keeps the gate closed: a game in use must not be disturbed by a fault elsewhere.
  static func isOpen(_ gate: HotReloadSettings.Gate, file: String?) -> Bool {
    guard gate == .onEmpty else { return true }
    guard let file, let bytes = (try? FileSystem.read(file, limit: 512 * 1024)) ?? nil else { return false }
    return isOpen(gate, opsState: LabelFile.parse(bytes)[GameLabels.opsState])
  }

  /// Whether a server in that operational state may be disturbed.
  static func isOpen(_ gate: HotReloadSettings.Gate, opsState: String?) -> Bool {
    switch gate {
    case .immediate: true
    case .onEmpty: opsState != OpsState.allocated.rawValue
    }
  }
}
