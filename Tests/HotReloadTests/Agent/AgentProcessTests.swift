import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import HotReload

/// An agent in a process of its own, on directories of its own.
final class RunningAgent {
  let folder: String
  let source: ConfigMapVolume
  let revisions: PublishedRevisions
  private(set) var process: ChildProcess
  private let arguments: [String]
  private(set) var status = ""

  /// - Parameter launcher: a command that becomes the agent, such as `env`.
  init(_ folder: String, _ arguments: [String] = [], launcher: [String] = []) throws {
    self.folder = folder
    source = try ConfigMapVolume(folder + "/source")
    revisions = PublishedRevisions(directory: folder + "/publish")
    self.arguments =
      [
        "hot-reload", "--source", source.path, "--publish", revisions.directory, "--termination-log",
        folder + "/termination",
      ] + arguments
    let command = launcher + [try BuiltProducts.executable("hot-reload-agent")] + self.arguments
    process = try ChildProcess(command[0], Array(command.dropFirst()))
    status = try Self.ready(process)
  }

  private static func ready(_ process: ChildProcess) throws -> String {
    String(try process.line(startingWith: "ready status=").dropFirst("ready status=".count))
  }

  /// Starts the agent again; the one before has ended.
  func restart() throws {
    process = try ChildProcess(BuiltProducts.executable("hot-reload-agent"), arguments)
    status = try Self.ready(process)
  }

  /// Gets a path of the status server, as curl does.
  func get(_ path: String) throws -> (code: String, body: String) {
    let output = try ChildProcess.run("curl", ["-s", "-w", "\n%{http_code}", "http://\(status)\(path)"])
    let lines = output.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
    return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
  }

  /// Looks at the status until it is as expected.
  ///
  /// - Throws: ``ChildProcess/Failure`` when that does not come; the pause only saves the machine, the condition decides.
  @discardableResult
  func waitForStatus(_ isExpected: (JSONValue) -> Bool) throws -> JSONValue {
    try waiting("the status") { () -> JSONValue? in
      // `nil` could also mean JSON's `null` here.
      guard let document = try? JSONDocument(try get("/status").body) else { return Optional.none }
      let value = JSONValue(document.root)
      guard isExpected(value) else { return Optional.none }
      return value
    }
  }

  /// How far a publish has come: the number of files that are copied, and 21 behind the swap.
  func publishStep(since revision: String?) throws -> Int {
    if revisions.current != revision { return 21 }
    return (try? FileManager.default.contentsOfDirectory(atPath: revisions.path("..staging")).count) ?? 0
  }

  /// Waits until readers see a text.
  func waitForContent(_ name: String, _ expected: String) throws {
    try waiting("\(name) = \(expected)") { text(revisions.path(name)) == expected ? true : nil }
  }
}

/// Asks again and again until there is an answer.
@discardableResult
func waiting<Value>(
  _ what: String, every pause: Duration = .milliseconds(5), _ answer: () throws -> Value?
) throws -> Value {
  let deadline = ContinuousClock.now + ChildProcess.patience
  while ContinuousClock.now < deadline {
    if let value = try answer() { return value }
    usleep(UInt32(pause / .microseconds(1)))
  }
  throw ChildProcess.Failure(description: "waited in vain for \(what)")
}

@Suite("The agent as a process", .serialized)
struct AgentProcessTests {
  @Test("says when it is ready, when it has started, and what it did")
  func endpoints() throws {
    let folder = try TemporaryDirectory()
    try folder.write("termination", "")
    let agent = try RunningAgent(folder.path)
    #expect(try agent.get("/startup").code == "503")
    #expect(try agent.waitForStatus { $0["publish"]?["result"] == "failed" }["outcome"] == "failed")
    try agent.source.show(["a": "1"])
    let status = try agent.waitForStatus { $0["outcome"] == "current" }
    #expect(status["revision"]?.string == agent.revisions.current)
    let started = try agent.get("/startup")
    #expect(started.code == "200")
    #expect(try agent.get("/metrics").body.contains(#"hot_reload_publishes_total{result="published"} 1"#))
    #expect(try agent.get("/nothing").code == "404")
    agent.process.send(SIGTERM)
    #expect(try agent.process.waitForExit() == .code(0))
    let last = try #require(text(folder.file("termination")))
    #expect(try JSONDocument(last).root["revision"]?.string == status["revision"]?.string)
  }

  @Test("never shows readers a mixed or missing set, through a thousand swaps")
  func thousandSwaps() throws {
    let folder = try TemporaryDirectory()
    let agent = try RunningAgent(folder.path)
    func files(_ generation: Int) -> [String: String] {
      Dictionary(uniqueKeysWithValues: (0..<6).map { ("file\($0)", "\(generation)") })
    }
    try agent.source.show(files(0))
    try agent.waitForContent("file0", "0")
    let readers = try (0..<2).map { _ in try SetReader(agent.revisions, names: files(0).keys.sorted()) }
    for generation in 1...1000 {
      try agent.source.show(files(generation))
      // So that many revisions are published and not only the last.
      if generation.isMultiple(of: 25) { try agent.waitForContent("file5", "\(generation)") }
    }
    try agent.waitForContent("file0", "1000")
    for reader in readers {
      let result = reader.stop()
      #expect(result.faults == [])
      #expect(result.generations.count > 3)
      #expect(result.generations == result.generations.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
    }
  }

  @Test("leaves a complete set when it is killed at any moment, and goes on from it")
  func kills() throws {
    let folder = try TemporaryDirectory()
    let agent = try RunningAgent(folder.path)
    func files(_ generation: Int) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: (0..<20).map { ("file\($0)", "\(generation)-" + String(repeating: "x", count: 5000)) })
    }
    try agent.source.show(files(0))
    try agent.waitForContent("file0", files(0)["file0"] ?? "")
    let reader = try SetReader(agent.revisions, names: files(0).keys.sorted())
    for generation in 1...40 {
      let before = agent.revisions.current
      try agent.source.show(files(generation))
      // Another moment of the publish each time: before its start, with so many of the 20 files copied, behind the swap.
      let moment = generation % 22
      try waiting("step \(moment) of a publish", every: .microseconds(50)) {
        try agent.publishStep(since: before) >= moment ? true : nil
      }
      agent.process.send(SIGKILL)
      #expect(try agent.process.waitForExit() == .signal(SIGKILL))
      let contents = Set(try files(0).keys.map { try #require(text(agent.revisions.path($0))) })
      #expect(contents.count == 1, "mixed after kill \(generation)")
      try agent.restart()
    }
    try agent.waitForContent("file19", files(40)["file19"] ?? "")
    #expect(reader.stop().faults == [])
    try waiting("the old revisions to go") { try agent.revisions.all().count <= PublishedRevisions.kept ? true : nil }
    let names = try FileManager.default.contentsOfDirectory(atPath: agent.revisions.directory)
    #expect(names.filter { !$0.hasPrefix("..") }.count == 20)
  }

  @Test("holds changes while the server is in use, and releases only the newest")
  func gate() throws {
    let folder = try TemporaryDirectory()
    try folder.write("pod/labels", #"game.kruise.io/gs-opsState="None""#)
    let agent = try RunningAgent(folder.path, ["--gate", "on-empty", "--gate-file", folder.file("pod/labels")])
    try agent.source.show(["a": "1"])
    try agent.waitForContent("a", "1")
    try folder.write("pod/labels", #"game.kruise.io/gs-opsState="Allocated""#)
    try agent.source.show(["a": "2"])
    try agent.waitForStatus { $0["held"] == true }
    for content in ["3", "4", "5"] { try agent.source.show(["a": content]) }
    #expect(try agent.waitForStatus { $0["outcome"] == "held" }["revision"]?.string == agent.revisions.current)
    #expect(text(agent.revisions.path("a")) == "1")
    try folder.write("pod/labels", #"game.kruise.io/gs-opsState="None""#)
    try agent.waitForContent("a", "5")
    #expect(try agent.get("/metrics").body.contains(#"hot_reload_publishes_total{result="published"} 2"#))
  }

  @Test("renders again when a label changes")
  func labels() throws {
    let folder = try TemporaryDirectory()
    try folder.write("pod/name", "arena-7")
    try folder.write("pod/labels", #"zone="eu""#)
    let agent = try RunningAgent(folder.path, ["--pod", folder.file("pod")])
    try agent.source.show(["a.tmpl": "{{.Ordinal}}{{.Labels.zone}}"])
    try agent.waitForContent("a", "7eu")
    try folder.write("pod/labels", #"zone="us""#)
    try agent.waitForContent("a", "7us")
  }

  @Test("rolls back on command, tells of it, and goes on with the next change")
  func rollBack() throws {
    let folder = try TemporaryDirectory()
    let agent = try RunningAgent(folder.path)
    let program = try BuiltProducts.executable("hot-reload-agent")
    let rollBack = { try ChildProcess.run(program, ["--publish", agent.revisions.directory, "--rollback"]) }
    for content in ["1", "2"] {
      try agent.source.show(["a": content])
      try agent.waitForContent("a", content)
    }
    try agent.waitForStatus { $0["outcome"] == "current" }
    #expect(try rollBack().exit == .code(0))
    #expect(text(agent.revisions.path("a")) == "1")
    try agent.waitForStatus { $0["outcome"] == "rolled-back" }
    #expect(try rollBack().exit == .code(1))
    try agent.source.show(["a": "3"])
    try agent.waitForContent("a", "3")
    try agent.waitForStatus { $0["outcome"] == "current" }
  }

  /// Takes every inotify instance from what runs in a user namespace of its own, and nobody else's.
  private static let withoutInotify = [
    "unshare", "--user", "--map-root-user", "sh", "-c",
    #"echo 0 > /proc/sys/user/max_inotify_instances && exec "$0" "$@""#,
  ]

  private static var canTakeInotify: Bool {
    let output = try? ChildProcess.run(withoutInotify[0], Array(withoutInotify.dropFirst()) + ["true"])
    return output?.exit == .code(0)
  }

  @Test("works where inotify is exhausted", .enabled(if: canTakeInotify, "needs user namespaces"))
  func exhaustedInotify() throws {
    let folder = try TemporaryDirectory()
    let agent = try RunningAgent(folder.path, ["--poll-interval", "20m"], launcher: Self.withoutInotify)
    let descriptors = "/proc/\(agent.process.identifier)/fd"
    let links = try FileSystem.names(in: descriptors).compactMap { FileSystem.linkTarget("\(descriptors)/\($0)") }
    #expect(!links.contains("anon_inode:inotify"))
    for content in ["1", "two", "three"] {
      try agent.source.show(["a": content])
      try agent.waitForContent("a", content)
    }
  }

  @Test("works where the kernel reports nothing, by looking")
  func polling() throws {
    let folder = try TemporaryDirectory()
    // Changes below the top folder are never reported, as on a file system without events.
    try folder.write("source/deep/a", "1")
    let agent = try RunningAgent(folder.path, ["--poll-interval", "20m"])
    try agent.waitForContent("deep/a", "1")
    try folder.write("source/deep/a", "two")
    try agent.waitForContent("deep/a", "two")
  }

  @Test("publishes once and ends, and answers whether there is a revision")
  func once() throws {
    let folder = try TemporaryDirectory()
    let source = try ConfigMapVolume(folder.file("source"))
    let program = try BuiltProducts.executable("hot-reload-agent")
    let check = { try ChildProcess.run(program, ["--publish", folder.file("publish"), "--check-started"]).exit }
    #expect(try check() == .code(1))
    try source.show(["a": "1"])
    let output = try ChildProcess.run(
      program, ["--source", source.path, "--publish", folder.file("publish"), "--once"])
    #expect(output.exit == .code(0))
    #expect(text(folder.file("publish/a")) == "1")
    #expect(try check() == .code(0))
  }

  @Test("installs itself where another image can run it")
  func install() throws {
    let folder = try TemporaryDirectory()
    let program = try BuiltProducts.executable("hot-reload-agent")
    #expect(try ChildProcess.run(program, ["--install", folder.path]).exit == .code(0))
    #expect(try ChildProcess.run(folder.file("gatehouse"), ["hot-reload", "--nope"]).exit == .code(2))
  }
}
