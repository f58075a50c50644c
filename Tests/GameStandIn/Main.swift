import EventLoop
import Glibc

/// A game server of a few lines, for tests of the agent: it holds the content of a file in memory, shows it over HTTP, and reads it again on SIGHUP, on
/// `POST /reload`, on a line to its TCP port, and when the file's folder swaps `..data`.
///
/// Each reading is a line `loaded by CAUSE: CONTENT` on standard output.
@main
enum Main {
  static func main() {
    guard CommandLine.arguments.count == 2 else {
      say("usage: GameStandIn FILE")
      exit(2)
    }
    do {
      try Game(file: CommandLine.arguments[1]).run()
    } catch {
      say("failed: \(error)")
      exit(1)
    }
  }
}

/// The game: one loop, the content, and the ways to make it read again.
final class Game {
  private let file: String
  private let loop: EventLoop
  private(set) var content = ""
  private var parts: [AnyObject] = []
  private var isStopped = false

  init(file: String) throws(SystemError) {
    self.file = file
    loop = try EventLoop(name: "game")
  }

  func run() throws(SystemError) {
    load("start")
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    parts.append(
      try SignalWatcher([.hangUp, .terminate], on: loop) { [self] signal in
        if signal == .hangUp { load("signal") } else { isStopped = true }
      })
    parts.append(
      try DirectoryWatcher(folder, on: loop) { [self] change in
        if case .entries(let names) = change, names.contains("..data") { load("inotify") }
      })
    let http = try Listener(on: loop) { [self] in answer($0) }
    let tcp = try Listener(on: loop) { [self] line in
      guard line.hasSuffix("\n") else { return nil }
      load("tcp")
      return "ok\n"
    }
    parts += [http, tcp]
    say("ready http=\(http.port) tcp=\(tcp.port)")
    while !isStopped { try loop.turn() }
  }

  private func answer(_ request: String) -> String? {
    guard request.contains("\r\n\r\n") else { return nil }
    if request.hasPrefix("POST /reload ") {
      load("http")
    } else if request.hasPrefix("POST /refuse ") {
      return "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    }
    return "HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\nConnection: close\r\n\r\n\(content)"
  }

  private func load(_ cause: String) {
    content = read() ?? "nothing"
    say("loaded by \(cause): \(content)")
  }

  private func read() -> String? {
    let number = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    guard case .bytes(let count)? = try? Descriptor(owning: number).read(into: &bytes) else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

/// Writes a line at once, although the output is a pipe.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
