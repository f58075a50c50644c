import Glibc

/// A program beside this one, and what it uses.
final class ChildProcess {
  private let id: pid_t
  private let output: Int32
  private var hasEnded = false

  /// Starts a program without input; its standard error is thrown away.
  init(_ path: String, _ arguments: [String]) throws(BenchmarkFailure) {
    var ends: [Int32] = [-1, -1]
    // Closed to other children from the start, or an end would stay open with them.
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw BenchmarkFailure("no sockets can be made")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var child: pid_t = 0
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { for place in unsafe words.indices { unsafe free(words[place]) } }
    let status = unsafe posix_spawn(&child, path, &actions, nil, &words, environ)
    close(ends[1])
    (id, output) = (child, ends[0])
    guard status == 0 else {
      hasEnded = true
      throw BenchmarkFailure("\(path) cannot be started; build it with the same options")
    }
  }

  deinit {
    kill()
    close(output)
  }

  /// The values of the line that the program prints when it is ready, such as `ready health=HOST:PORT`.
  func ready() throws(BenchmarkFailure) -> [String: String] {
    // A start takes well below a second; both programs wait for nobody but each other.
    let deadline = ContinuousClock.now + .seconds(30)
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while ContinuousClock.now < deadline {
      var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 1000) > 0 else { continue }
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
      guard count > 0 else { throw BenchmarkFailure("a program ended before it was ready") }
      text += chunk[..<count]
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      guard let line = lines.dropLast().first(where: { $0.hasPrefix("ready ") }) else { continue }
      let words = line.split(separator: " ").dropFirst().map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
      return Dictionary(words.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { first, _ in first }
    }
    throw BenchmarkFailure("a program was not ready within 30 seconds")
  }

  /// Ends the program at once, without a chance to clean up.
  func kill() {
    guard !hasEnded else { return }
    hasEnded = true
    Glibc.kill(id, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
  }

  /// The processor time that all threads of the program took; the kernel counts it in hundredths of a second.
  var cpu: Duration {
    // The name in parentheses may hold spaces: fields are counted behind it, the third of the line first.
    let fields = (text("stat").split(separator: ")").last ?? "").split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return .zero }
    return .milliseconds((user + system) * 10)
  }

  /// Resident memory in bytes.
  var resident: Int {
    let pages = text("statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }

  private func text(_ file: String) -> String {
    guard let stream = unsafe fopen("/proc/\(id)/\(file)", "r") else { return "" }
    defer { unsafe fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, stream) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
