/// An absolute directory inside a container, without empty, `.` or `..` steps.
public struct MountPath: Sendable, Hashable {
  /// The text, without a slash at its end.
  public let path: String

  /// Where nothing may be mounted: the kernel's file systems, the API token, and what the agent uses itself.
  static let reserved = ["/proc", "/sys", "/dev", AgentPaths.root, AgentPaths.token]

  /// Checks a directory; PATH_MAX of Linux is 4,096 bytes with the final zero.
  static func check(_ text: String) -> Checked<MountPath> {
    let accepted = "it takes an absolute directory such as /srv/assets"
    guard text.utf8.first == UInt8(ascii: "/") else { return .refused("is relative: \(accepted)") }
    let steps = text.split(separator: "/", omittingEmptySubsequences: true)
    // Kubernetes refuses a colon in a mountPath, and control bytes help nobody.
    guard !steps.isEmpty, text.utf8.count < 4096, !steps.contains("."), !steps.contains(".."),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") })
    else { return .refused("is not accepted: \(accepted), without . or .. and without : or blanks") }
    let mount = MountPath(path: "/" + steps.joined(separator: "/"))
    if let taken = reserved.first(where: { mount.isInside($0) }) {
      return .refused("lies in \(taken), which the system or the agent uses itself: \(accepted)")
    }
    return .accepted(mount)
  }

  /// Whether this is the directory or below it.
  func isInside(_ directory: String) -> Bool { MountPath.contains(directory, path) }

  /// Whether a path is the directory or below it.
  static func contains(_ directory: String, _ path: String) -> Bool {
    path == directory || path.hasPrefix(directory + "/")
  }
}
