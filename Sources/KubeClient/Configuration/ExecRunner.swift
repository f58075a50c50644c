import Glibc

/// Runs a program on a thread of its own and collects what it prints.
struct ExecRunner: Sendable {
  /// Bytes of output that are taken: an `ExecCredential` with a certificate chain has some 20 KiB.
  static let outputLimit = 1 << 20
  /// How long the program may take: it may ask an identity provider over the network, and nobody types a password.
  static let patience = Duration.seconds(60)

  let command: ExecCommand
  let environment: [String: String]

  /// What the program printed on standard output.
  ///
  /// - Throws: ``ConfigurationError`` where it cannot be started, fails, or prints or takes too much.
  func run() async throws(ConfigurationError) -> [UInt8] {
    let runner = self
    var thread: JoinedThread?
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
      thread = JoinedThread { continuation.resume(returning: runner.runBlocking()) }
    }
    // The thread has nothing left to do when it resumes the task.
    thread.take()?.join()
    return try result.get()
  }

  typealias Outcome = Result<[UInt8], ConfigurationError>

  private func runBlocking() -> Outcome {
    var ends: [Int32] = [-1, -1]
    // A pair of sockets and not a pipe: it can be made closed to other children from the start.
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      return failure("has no way to answer: \(Self.reason(errno))")
    }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    defer { close(readEnd) }
    let (child, status) = spawn(output: writeEnd)
    close(writeEnd)
    guard status == 0 else {
      let hint = command.installHint.isEmpty ? "" : " (\(command.installHint))"
      return failure("cannot be started: \(Self.reason(status))\(hint)")
    }
    let output = collect(readEnd)
    if output == nil { kill(child, SIGKILL) }
    var ended: Int32 = 0
    while unsafe waitpid(child, &ended, 0) < 0, errno == EINTR {}
    guard let output else { return failure("printed or took too much") }
    return ended == 0 ? .success(output) : failure("failed with status \(ended >> 8 & 0xFF)")
  }

  /// Reads until the program closes its output; nil past a limit.
  private func collect(_ descriptor: Int32) -> [UInt8]? {
    let deadline = ContinuousClock.now + Self.patience
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while output.count <= Self.outputLimit {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0 else { return nil }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, Int32(left.rounded(.up))) > 0 else { continue }
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return output }
      output.append(contentsOf: chunk[..<count])
    }
    return nil
  }

  /// Starts the program with no input, standard error shared, and no signal blocked.
  private func spawn(output: Int32) -> (child: pid_t, status: Int32) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var variables = environment.merging(command.environment) { _, new in new }
    variables["KUBERNETES_EXEC_INFO"] = command.info
    var child: pid_t = 0
    let status = unsafe Self.withCStrings([command.command] + command.arguments) { arguments in
      unsafe Self.withCStrings(variables.map { "\($0.key)=\($0.value)" }) { environment in
        unsafe posix_spawnp(&child, command.command, &actions, &attributes, arguments, environment)
      }
    }
    return (child, status)
  }

  private func failure(_ reason: String) -> Outcome {
    .failure(ConfigurationError(.unreadable, "the credential program \(command.command) \(reason)"))
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  /// Lends a null-terminated array of C strings.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (place, string) in strings.enumerated() { unsafe (pointers + place).initialize(to: strdup(string)) }
    unsafe (pointers + strings.count).initialize(to: nil)
    defer {
      for place in strings.indices { unsafe free(pointers[place]) }
      unsafe pointers.deallocate()
    }
    return unsafe body(pointers)
  }
}
