internal import EventLoop
internal import Glibc

/// A program in the agent's own container; success is its exit code 0.
struct ExecDelivery {
  let program: String
  let publish: String

  /// A program that takes longer is killed: it may hang, and a newer revision waits behind it.
  static let limit = Duration.seconds(30)

  /// Runs the program with `HOT_RELOAD_REVISION` and `HOT_RELOAD_PUBLISH` in its environment.
  func run(_ revision: String) -> DeliveryOutcome {
    do {
      return try start(revision)
    } catch {
      return .failed("\(program): \(error)")
    }
  }

  private func start(_ revision: String) throws(SystemError) -> DeliveryOutcome {
    var ends: [Int32] = [-1, -1]
    try FileSystem.check("make a pipe") { unsafe pipe(&ends) }
    // Only the thread that notifies starts programs, so none slips in between the two steps.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let output = Descriptor(owning: ends[0])
    let process = try start(writingTo: Descriptor(owning: ends[1]), revision)
    let text = read(output)
    if text == nil { kill(process, SIGKILL) }
    var status: Int32 = 0
    try FileSystem.check("wait for \(program)") { unsafe waitpid(process, &status, 0) }
    guard let text else { return .failed("\(program) did not end within \(Self.limit)") }
    if status == 0 { return .delivered }
    let code = status & 0x7F == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(status & 0x7F)"
    return .failed("\(program) ended with \(code): \(text)")
  }

  /// Starts the program; only it holds the end to write to afterwards, so its end shows as the end of the stream.
  private func start(writingTo input: consuming Descriptor, _ revision: String) throws(SystemError) -> pid_t {
    try spawn(output: input, environment: environment(revision))
  }

  private func environment(_ revision: String) -> [String] {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return ["PATH=\(path)", "HOT_RELOAD_REVISION=\(revision)", "HOT_RELOAD_PUBLISH=\(publish)"]
  }

  /// The first 200 bytes that the program writes, at its end; nil when the time was up before.
  private func read(_ output: borrowing Descriptor) -> String? {
    let deadline = ContinuousClock.now + Self.limit
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      guard LoopbackConnection.wait(output.rawValue, Int16(POLLIN), deadline) else { return nil }
      guard case .bytes(let count)? = try? output.read(into: &chunk) else {
        return String(decoding: text, as: UTF8.self).split(separator: "\n").joined(separator: " ")
      }
      text += chunk[..<count].prefix(200 - text.count)
    }
  }

  private func spawn(output: borrowing Descriptor, environment: [String]) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.rawValue, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // The agent blocks the signals that its loop reads, and children inherit that.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var broken = sigset_t()
    unsafe sigemptyset(&broken)
    unsafe sigaddset(&broken, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &broken)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var process: pid_t = 0
    let code = unsafe withCStrings([program]) { arguments in
      unsafe withCStrings(environment) { variables in
        unsafe posix_spawn(&process, program, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else { throw SystemError(code: .init(rawValue: code), operation: "start") }
    return process
  }

  /// Lends texts as the null-ended array of C strings that `exec` takes.
  private func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("the array ends with a null") }
      return unsafe body(UnsafePointer(start))
    }
  }
}
