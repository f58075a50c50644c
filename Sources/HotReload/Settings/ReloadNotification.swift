/// How the game is told that a new revision is there.
public enum ReloadNotification: Sendable, Hashable, CustomStringConvertible {
  /// Not at all; the game watches the directory itself.
  case none
  /// A signal to every process that the target matches.
  case signal(SignalName, ProcessTarget?)
  /// An HTTP request to a port of the pod.
  case http(method: String, port: UInt16, path: String)
  /// A line to a TCP port of the pod.
  case tcp(port: UInt16)
  /// A program in the agent's own container.
  case exec(String)

  /// The annotation's form.
  public var description: String {
    switch self {
    case .none: "none"
    case .signal(let name, _): "signal:\(name.name)"
    case .http(let method, let port, let path): "http:\(method):\(port)\(path)"
    case .tcp(let port): "tcp:\(port)"
    case .exec(let path): "exec:\(path)"
    }
  }

  /// The process that a signal goes to.
  public var target: ProcessTarget? {
    if case .signal(_, let target) = self { target } else { nil }
  }

  /// The port of the pod that is told; nil where it is none.
  var port: Int? {
    switch self {
    case .http(_, let port, _), .tcp(let port): Int(port)
    case .none, .signal, .exec: nil
    }
  }

  /// What the annotation takes, for messages.
  static let accepted =
    "it takes none, signal:SIGHUP, http:POST:8081/reload, tcp:8081 or exec:/path"

  static func parse(_ text: String, target: ProcessTarget?) -> Checked<ReloadNotification> {
    if text == "none" { return .accepted(.none) }
    guard let (kind, rest) = text.splitOnce(":") else { return .refused("is not accepted: \(accepted)") }
    switch kind {
    case "signal": return signal(rest, target)
    case "http": return http(rest)
    case "tcp":
      guard let port = port(rest) else { return .refused("has no port from 1 to 65535: \(accepted)") }
      return .accepted(.tcp(port: port))
    case "exec":
      guard case .accepted(let path) = MountPath.check(rest) else {
        return .refused("has no absolute path of a program: \(accepted)")
      }
      return .accepted(.exec(path.path))
    default: return .refused("is not accepted: \(accepted)")
    }
  }

  private static func signal(_ text: String, _ target: ProcessTarget?) -> Checked<ReloadNotification> {
    guard let name = SignalName(text) else { return .refused("names no signal such as SIGHUP or SIGUSR1: \(accepted)") }
    guard name.canBeHandled else { return .refused("cannot be handled by any process: use SIGHUP or SIGUSR1") }
    return .accepted(.signal(name, target))
  }

  /// `METHOD:PORT/PATH`; the path goes into a request line as it is, so it holds printable ASCII without blanks (RFC 9112 section 3.2).
  private static func http(_ text: String) -> Checked<ReloadNotification> {
    guard let (method, rest) = text.splitOnce(":"), ["GET", "POST", "PUT"].contains(method) else {
      return .refused("has no method GET, POST or PUT: \(accepted)")
    }
    let digits = String(rest.prefix { $0 != "/" })
    let path = String(rest.dropFirst(digits.count))
    guard let port = port(digits) else { return .refused("has no port from 1 to 65535: \(accepted)") }
    // 2,048 bytes: longer paths are cut by many servers.
    guard path.utf8.count <= 2048, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      return .refused("has a path with other than printable ASCII: \(accepted)")
    }
    return .accepted(.http(method: method, port: port, path: path.isEmpty ? "/" : path))
  }

  private static func port(_ text: String) -> UInt16? {
    guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = UInt16(text),
      port > 0
    else { return nil }
    return port
  }
}
