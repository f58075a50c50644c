import Foundation
import TestSupport
import Testing

/// `gatehouse demo`: every scenario comes out as it should, and what does not ends with code 1.
@Suite(.serialized) struct DemoCommandTests {
  private static let scenarios = [
    "create", "host-ports", "hot-update", "take-out", "kill", "scale-in", "service-quality", "hot-reload",
  ]

  @Test("plays every scenario against the shipped definitions, and writes a plain log")
  func everything() throws {
    let crds = "\(try Program.root())/deploy/crds"
    let output = try Program.run(["demo", "--speed", "100", "--crds", crds])
    #expect(output.exit == .code(0), "\(output.standardOutput)\n\(output.standardError)")
    let lines = output.standardOutput.split(separator: "\n").map(String.init)
    for name in Self.scenarios {
      #expect(lines.contains { $0.hasPrefix("== \(name): ") }, "\(name) has no heading")
      #expect(lines.contains { $0.hasPrefix(" \(name) ") && $0.contains(" passed ") }, "\(name) has no result")
    }
    #expect(!output.standardOutput.contains("\u{1B}"), "no control sequences where nobody sees them")
    #expect(lines.last?.hasPrefix("all of it came out as it should; the API server asked for ") == true)
    #expect(lines.contains { $0.contains("refused: admission webhook \"vgameserverset.kb.io\" denied the request") })
  }

  @Test("plays what was chosen, and nothing else")
  func chosen() throws {
    let output = try Program.run(line: "demo --speed 200 --scenario hot-reload --scenario kill")
    #expect(output.exit == .code(0), "\(output.standardOutput)\n\(output.standardError)")
    let headings = output.standardOutput.split(separator: "\n").filter { $0.hasPrefix("== ") }
    #expect(headings.map { $0.prefix(8) } == ["== kill:", "== hot-r", "== resul"])
  }

  @Test("ends with code 1 and says what was expected, where something comes out otherwise")
  func failure() throws {
    let folder = try TemporaryDirectory()
    let crds = "\(try Program.root())/deploy/crds"
    for name in ["game.kruise.io_gameservers.yaml", "game.kruise.io_gameserversets.yaml"] {
      let definition = try String(contentsOfFile: "\(crds)/\(name)", encoding: .utf8)
      // A cluster that takes no set of three.
      let field = "                replicas:\n                  description:"
      try folder.write(
        name,
        definition.replacing(
          field, with: field.replacing("description:", with: "maximum: 2\n                  description:")))
    }
    let output = try Program.run(["demo", "--speed", "200", "--scenario", "kill", "--crds", folder.path])
    #expect(output.exit == .code(1))
    #expect(output.standardOutput.contains("failed expected: the API server does it"))
    #expect(output.standardOutput.contains("seen: GameServerSet.game.kruise.io \"match\" is invalid"))
    #expect(output.standardOutput.contains("1 of 1 scenarios failed"))
  }

  @Test("names the scenarios that there are")
  func unknown() throws {
    let output = try Program.run(line: "demo --scenario fishing")
    #expect(output.exit == .code(2))
    for name in Self.scenarios { #expect(output.standardError.contains(name)) }
  }

  @Test("stays up for kubectl when it is asked to, and ends with a signal")
  func keep() throws {
    let folder = try TemporaryDirectory()
    let process = try ChildProcess(
      Program.path(),
      ["demo", "--speed", "200", "--scenario", "kill", "--keep", "--kubeconfig", folder.file("kubeconfig")])
    _ = try process.line(startingWith: "The cluster and the manager stay up")
    let kubeconfig = try #require(FileManager.default.contents(atPath: folder.file("kubeconfig")))
    #expect(String(decoding: kubeconfig, as: UTF8.self).contains("https://127.0.0.1:"))
    process.send(SIGINT)
    #expect(try process.waitForExit() == .code(0))
  }
}
