import Foundation
import JSON
import TestSupport
import Testing

@testable import HotReload

/// A game in a process of its own that shows what it has loaded.
struct RunningGame {
  let process: ChildProcess
  let httpPort: String
  let tcpPort: String

  init(file: String) throws {
    process = try ChildProcess(BuiltProducts.executable("GameStandIn"), [file])
    let words = try process.line(startingWith: "ready ").split(separator: " ")
    httpPort = String(words[1].dropFirst("http=".count))
    tcpPort = String(words[2].dropFirst("tcp=".count))
  }

  /// What the game shows its players.
  func content() throws -> String {
    try ChildProcess.run("curl", ["-s", "http://127.0.0.1:\(httpPort)/"]).standardOutput
  }
}

@Suite("The game is told", .serialized)
struct NotificationTests {
  /// A folder with a first revision, so that the game has something to start with.
  private func prepared(_ folder: borrowing TemporaryDirectory) throws -> String {
    let source = try ConfigMapVolume(folder.file("source"))
    try source.show(["map": "first"])
    let program = try BuiltProducts.executable("hot-reload-agent")
    let publish = folder.file("publish")
    _ = try ChildProcess.run(program, ["--source", source.path, "--publish", publish, "--once"])
    return publish + "/map"
  }

  @Test("of a new revision in every way", arguments: ["signal-exe", "signal-cmdline", "http", "tcp", "inotify"])
  func told(_ way: String) throws {
    let folder = try TemporaryDirectory()
    let file = try prepared(folder)
    let game = try RunningGame(file: file)
    let arguments: [String] =
      switch way {
      case "signal-exe":
        ["--notify", "signal:SIGHUP", "--notify-target", "exe=\(try BuiltProducts.executable("GameStandIn"))"]
      case "signal-cmdline": ["--notify", "signal:SIGHUP", "--notify-target", "cmdline=GameStandIn \(file)$"]
      case "http": ["--notify", "http:POST:\(game.httpPort)/reload"]
      case "tcp": ["--notify", "tcp:\(game.tcpPort)"]
      default: []
      }
    let agent = try RunningAgent(folder.path, arguments)
    #expect(try game.content() == "first")
    try agent.source.show(["map": "second"])
    let cause = way.hasPrefix("signal") ? "signal" : way
    // The game watches the folder, too; the line of the notification has its cause.
    #expect(try game.process.line(startingWith: "loaded by \(cause): ") == "loaded by \(cause): second")
    #expect(try game.content() == "second")
    let status = try agent.waitForStatus { $0["outcome"] == "current" }
    #expect(status["notification"]?["result"] == (way == "inotify" ? "none" : "succeeded"))
    if way != "inotify" { #expect(agent.revisions.read(.notified) == agent.revisions.current) }
  }

  @Test("by a program in the agent's container, with the revision in its environment")
  func program() throws {
    let folder = try TemporaryDirectory()
    _ = try prepared(folder)
    let script = try folder.write("told.sh", "#!/bin/sh\necho \"$HOT_RELOAD_REVISION\" >> \"\(folder.file("told"))\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let agent = try RunningAgent(folder.path, ["--notify", "exec:\(script)"])
    try agent.source.show(["map": "second"])
    try agent.waitForStatus { $0["notification"]?["result"] == "succeeded" }
    #expect(text(folder.file("told")) == "\(agent.revisions.current ?? "")\n")
  }

  @Test("again until it listens, and a failure shows in the status")
  func retries() throws {
    let folder = try TemporaryDirectory()
    let file = try prepared(folder)
    let target = "cmdline=GameStandIn \(file)$"
    let agent = try RunningAgent(folder.path, ["--notify", "signal:SIGHUP", "--notify-target", target])
    try agent.source.show(["map": "second"])
    let failed = try agent.waitForStatus { $0["notification"]?["result"] == "failed" }
    #expect(failed["outcome"] == "failed")
    #expect(failed["notification"]?["reason"] == .string("no process matches \(target)"))
    let game = try RunningGame(file: file)
    #expect(try game.process.line(startingWith: "loaded by signal: ") == "loaded by signal: second")
    try agent.waitForStatus { $0["outcome"] == "current" }
  }

  @Test(
    "or the reason is named",
    arguments: [
      (ReloadNotification.exec("/nonexistent/program"), "/nonexistent/program: start: No such file or directory"),
      (.exec("/bin/false"), "/bin/false ended with exit code 1: "),
      (.tcp(port: 1), "port 1: connect to 127.0.0.1:1: Connection refused"),
      (.http(method: "GET", port: 1, path: "/"), "http port 1: connect to 127.0.0.1:1: Connection refused"),
    ])
  func failures(_ notification: ReloadNotification, _ reason: String) {
    #expect(Notifier(notification: notification, publish: "/p").deliver("r") == .failed(reason))
  }

  @Test("by HTTP, where 503 asks for patience and any other refusal for the slowest pace")
  func statuses() throws {
    let folder = try TemporaryDirectory()
    let game = try RunningGame(file: try prepared(folder))
    let port = try #require(UInt16(game.httpPort))
    let ask = { (path: String) in HTTPDelivery(method: "POST", port: port, path: path).run("r") }
    #expect(ask("/reload") == .delivered)
    #expect(ask("/refuse") == .failed("POST /refuse on port \(port) answered 503", wait: .zero))
  }

  @Test("only itself: the agent never signals its own process")
  func ownProcess() throws {
    let own = getpid()
    let all = try #require(ExtendedRegex("."))
    #expect(!ProcessTable().processes(matching: .commandLine(all)).contains(own))
  }

  @Test("through a process table that is read as the kernel writes it")
  func processTable() throws {
    let folder = try TemporaryDirectory()
    try folder.write("10/cmdline", "/srv/game\u{0}--port\u{0}1\u{0}")
    try folder.write("11/cmdline", "")
    try folder.write("12/cmdline", "sh\u{0}-c\u{0}exec /srv/game\u{0}")
    try FileSystem.makeLink(folder.file("12/exe"), to: "/bin/dash (deleted)")
    try folder.write("self/cmdline", "/srv/game\u{0}")
    let table = ProcessTable(root: folder.path)
    #expect(table.processes(matching: .executable("/srv/game")) == [10])
    #expect(table.processes(matching: .executable("/bin/dash")) == [12])
    #expect(table.processes(matching: .commandLine(try #require(ExtendedRegex("^/srv/game --port [0-9]+$")))) == [10])
    #expect(table.processes(matching: .commandLine(try #require(ExtendedRegex("game")))) == [10, 12])
  }
}
