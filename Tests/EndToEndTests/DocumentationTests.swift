import TestSupport
import Testing

/// What the pages promise.
@Suite struct DocumentationTests {
  @Test("every command of the README is one that the program has, with options that it has")
  func commands() throws {
    let readme = try String(decoding: Fixture.load("../../README.md"), as: UTF8.self)
    let lines = readme.split(separator: "\n").filter { $0.hasPrefix("gatehouse ") }
    #expect(lines.count >= 5)
    for line in lines {
      let words = line.split(separator: " ").dropFirst().prefix { $0 != "<" && $0 != "|" && $0 != "#" }.map(String.init)
      let command = words.prefix { !$0.hasPrefix("-") && $0.allSatisfy { $0.isLetter || $0 == "-" } }
      #expect(!command.isEmpty, "\(line)")
      let help = try Program.run(command + ["--help"])
      #expect(help.exit == .code(0), "\(line)")
      for option in words where option.hasPrefix("-") && option != "-" {
        #expect(help.standardOutput.contains(option), "\(line): \(option)")
      }
    }
  }

  @Test("the reference page of the network plugins is what the program makes")
  func networkPlugins() throws {
    let made = try Program.run(["plugins", "-o", "markdown"])
    let page = try String(decoding: Fixture.load("../../deploy/network-plugins.md"), as: UTF8.self)
    #expect(made.standardOutput == page, "run: gatehouse plugins -o markdown > deploy/network-plugins.md")
  }

  @Test("files that the README names are there", arguments: ["deploy/run", "Tests/run", "deploy/examples/pod.yaml"])
  func files(_ path: String) throws {
    #expect(throws: Never.self) { try Fixture.load("../../\(path)") }
  }

  @Test(
    "scripts parse, and refuse arguments that they do not know",
    arguments: [
      ("deploy/run", ["--nonsense"]), ("deploy/run", ["--once", "--nonsense"]), ("deploy/bench", ["--nonsense"]),
    ])
  func scripts(_ path: String, _ arguments: [String]) throws {
    let script = "\(try Program.root())/\(path)"
    #expect(try ChildProcess.run("bash", ["-n", script]).exit == .code(0))
    let refused = try ChildProcess.run(script, arguments)
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("--nonsense"))
  }
}
