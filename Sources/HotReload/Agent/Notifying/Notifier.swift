internal import EventLoop
internal import Glibc

/// Tells the game of a revision, in the way that the user chose.
///
/// Runs on a thread of its own and waits there, with a limit on every wait.
struct Notifier: Sendable {
  let notification: ReloadNotification
  /// The published directory, for programs.
  let publish: String

  /// Tries once.
  func deliver(_ revision: String) -> DeliveryOutcome {
    switch notification {
    case .none: .delivered
    case .signal(_, nil): .failed("no target for the signal")
    case .signal(let signal, let target?): SignalDelivery(signal: signal, target: target).run()
    case .http(let method, let port, let path):
      HTTPDelivery(method: method, port: port, path: path).run(revision)
    case .tcp(let port): TCPDelivery(port: port).run(revision)
    case .exec(let path): ExecDelivery(program: path, publish: publish).run(revision)
    }
  }
}

/// A signal to every process that the target matches.
struct SignalDelivery {
  let signal: SignalName
  let target: ProcessTarget

  func run() -> DeliveryOutcome {
    let processes = ProcessTable().processes(matching: target)
    guard !processes.isEmpty else { return .failed("no process matches \(target)") }
    var failure: String?
    var count = 0
    for process in processes {
      if kill(process, signal.number) == 0 {
        count += 1
      } else if errno != ESRCH {
        // A process that ended since it was found is not an error.
        failure = "cannot signal process \(process): \(SystemError(code: .init(rawValue: errno), operation: "kill"))"
      }
    }
    if let failure { return .failed(failure) }
    return count > 0 ? .delivered : .failed("the processes that match \(target) have ended")
  }
}

/// The processes that the agent can see.
struct ProcessTable {
  /// Where the kernel shows them.
  var root = "/proc"

  /// The processes that run the program, or whose arguments match, without the agent itself.
  func processes(matching target: ProcessTarget) -> [pid_t] {
    let names = (try? FileSystem.names(in: root)) ?? []
    let own = getpid()
    let numbers = names.compactMap { pid_t($0) }.filter { $0 != own }
    switch target {
    case .executable(let path): return numbers.filter { runs(path, $0) }
    case .commandLine(let regex):
      // It compiled when the settings were checked.
      guard let compiled = CompiledRegex(regex.pattern) else { return [] }
      return numbers.filter { process in
        let arguments = arguments(process)
        return !arguments.isEmpty && compiled.matches(arguments.joined(separator: " "))
      }
    }
  }

  /// The kernel shows a process's program only to its own user; for another user's process the first argument stands for it.
  private func runs(_ path: String, _ process: pid_t) -> Bool {
    if let link = FileSystem.linkTarget("\(root)/\(process)/exe") {
      return link == path || link == path + " (deleted)"
    }
    return arguments(process).first == path
  }

  /// The arguments of a process, none for kernel threads and zombies.
  ///
  /// 64 KiB of them are enough to recognise it.
  private func arguments(_ process: pid_t) -> [String] {
    guard let file = try? FileSystem.open("\(root)/\(process)/cmdline", O_RDONLY) else { return [] }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    guard case .bytes(let count)? = try? file.read(into: &bytes) else { return [] }
    var arguments = bytes[..<count].split(separator: 0, omittingEmptySubsequences: false)
    if bytes[count - 1] == 0 { arguments.removeLast() }
    return arguments.map { String(decoding: $0, as: UTF8.self) }
  }
}
