internal import EventLoop
internal import Glibc

/// The program that runs in the sidecar: `gatehouse hot-reload`.
public enum AgentProgram {
  /// Runs a command to its end, with the environment of the process.
  ///
  /// - Returns: the exit code: 0 when it worked, 1 when it did not, 2 for flags that make no sense.
  public static func run(arguments: [String]) -> Int32 {
    var environment: [String: String] = [:]
    for variable in AgentVariable.allCases {
      environment[variable.rawValue] = unsafe getenv(variable.rawValue).map { unsafe String(cString: $0) }
    }
    let options: AgentOptions
    do {
      options = try AgentOptions(arguments: arguments, environment: environment)
    } catch {
      AgentLog.line("unusable flags", ["reason": error.description])
      return 2
    }
    return run(options)
  }

  /// Runs the command that the options name to its end, and answers the exit code.
  public static func run(_ options: AgentOptions) -> Int32 {
    do {
      switch options.command {
      case .run, .once: return try Agent(options).run()
      case .checkStarted: return PublishedRevisions(directory: options.publish).read(.started) == nil ? 1 : 0
      case .rollBack: return try rollBack(options)
      case .install(let directory):
        try AgentInstaller.install(into: directory)
        return 0
      }
    } catch {
      AgentLog.line("hot reload cannot go on", ["reason": error.description])
      return 1
    }
  }

  private static func rollBack(_ options: AgentOptions) throws(SystemError) -> Int32 {
    let revisions = PublishedRevisions(directory: options.publish)
    let before = revisions.current ?? "none"
    guard let now = try revisions.rollBack() else {
      AgentLog.line("nothing to roll back to", ["revision": before])
      return 1
    }
    AgentLog.print("rolled back from \(before) to \(now)")
    return 0
  }
}

/// Copies the running program, so that it can run in a container whose image does not have it.
enum AgentInstaller {
  /// Copies the program into a directory in one step.
  static func install(into directory: String) throws(SystemError) {
    let input = try FileSystem.open("/proc/self/exe", O_RDONLY)
    let target = directory + AgentPaths.binary
    let temporary = target + "_tmp"
    try FileSystem.removeFile(temporary)
    let output = try FileSystem.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o755)
    // As much as the kernel reads ahead; the program has some megabytes.
    var buffer = [UInt8](repeating: 0, count: 128 * 1024)
    while case .bytes(let count) = try input.read(into: &buffer) {
      try FileSystem.writeAll(buffer[..<count], to: output, temporary)
    }
    let number = output.rawValue
    try FileSystem.check("open up \(temporary)") { fchmod(number, 0o755) }
    try FileSystem.rename(temporary, to: target)
  }
}
