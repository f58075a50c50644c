/// A signal of Linux by its name.
public struct SignalName: Sendable, Hashable {
  /// The name with `SIG`.
  public let name: String
  /// The number on x86-64 and arm64, from signal(7).
  public let number: Int32

  private static let numbers: [String: Int32] = [
    "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7, "SIGFPE": 8,
    "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12, "SIGPIPE": 13, "SIGALRM": 14, "SIGTERM": 15,
    "SIGSTKFLT": 16, "SIGCHLD": 17, "SIGCONT": 18, "SIGSTOP": 19, "SIGTSTP": 20, "SIGTTIN": 21, "SIGTTOU": 22,
    "SIGURG": 23, "SIGXCPU": 24, "SIGXFSZ": 25, "SIGVTALRM": 26, "SIGPROF": 27, "SIGWINCH": 28, "SIGIO": 29,
    "SIGPWR": 30, "SIGSYS": 31,
  ]

  /// Finds a signal; `SIGRTMIN+N` counts from 34, where glibc starts, to the last one, 64.
  public init?(_ name: String) {
    self.name = name
    if let number = SignalName.numbers[name] {
      self.number = number
    } else if name == "SIGRTMIN" {
      number = 34
    } else if name.hasPrefix("SIGRTMIN+"), let offset = Int32(name.dropFirst(9)), 0...30 ~= offset {
      number = 34 + offset
    } else {
      return nil
    }
  }

  /// Whether a process can do anything but stop or die on it.
  var canBeHandled: Bool { number != 9 && number != 19 }
}
