/// Which processes of the pod get a signal.
public enum ProcessTarget: Sendable, Hashable, CustomStringConvertible {
  /// Those that run this program.
  case executable(String)
  /// Those whose arguments, joined by blanks, match a POSIX extended regular expression.
  case commandLine(ExtendedRegex)

  /// The annotation's form.
  public var description: String {
    switch self {
    case .executable(let path): "exe=\(path)"
    case .commandLine(let regex): "cmdline=\(regex.pattern)"
    }
  }

  /// Parses the annotation `notify-target`.
  static func check(_ text: String) -> Checked<ProcessTarget> {
    let accepted = "it takes exe=/srv/game or cmdline=REGEX"
    switch text.splitOnce("=") {
    case ("exe", let path)?:
      guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count < 4096, !path.utf8.contains(0) else {
        return .refused("has no absolute path of a program: \(accepted)")
      }
      return .accepted(.executable(path))
    case ("cmdline", let pattern)?:
      guard let regex = ExtendedRegex(pattern) else {
        return .refused("is no POSIX extended regular expression of 1 to 256 bytes: \(accepted)")
      }
      return .accepted(.commandLine(regex))
    default: return .refused("is not accepted: \(accepted)")
    }
  }
}
