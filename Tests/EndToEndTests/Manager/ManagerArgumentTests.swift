import TestSupport
import Testing

/// What the commands that talk to a cluster say before they can.
@Suite struct ManagerArgumentTests {
  /// A command line with what it is refused with.
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let environment: [String: String]
    let words: [String]
    var testDescription: String { "gatehouse \(arguments.joined(separator: " ")) \(environment)" }

    init(_ line: String, _ environment: [String: String] = [:], _ words: String...) {
      arguments = line.split(separator: " ").map(String.init)
      // No cluster of whoever runs the tests.
      self.environment = ["KUBECONFIG": "", "HOME": "/nonexistent", "KUBERNETES_SERVICE_HOST": ""]
        .merging(environment) { $1 }
      self.words = words
    }
  }

  @Test(
    "refuses with code 2, naming what is wrong and what to do",
    arguments: [
      Case("manager", [:], "no cluster is known", "--kubeconfig"),
      Case("manager --kubeconfig /nonexistent", [:], "/nonexistent", "No such file"),
      Case("manager", ["KUBECONFIG": "/nonexistent/a:/nonexistent/b"], "/nonexistent/a, /nonexistent/b"),
      Case("check", [:], "no cluster is known"), Case("scale explain games/arena", [:], "no cluster is known"),
      Case("manager --webhook-url http://host", [:], "https://HOST"),
      Case("manager --webhook-registration auto", [:], "managed", "none"),
      Case("manager --lease-seconds 1", [:], "3 to 300"), Case("manager --gameserver-workers 0", [:], "1 to 1000"),
      // As Go programs take flags: the complaint is about the file, not about them.
      Case("manager -leader-elect=false --api-server-qps=5 -kubeconfig /nonexistent", [:], "/nonexistent"),
      Case("simulate --nodes -1", [:], "0 to 10000", "-1"),
      Case("simulate --speed -2", [:], "above 0", "-2"),
      Case("hot-reload", [:], "--source", "--publish", "--notify"),
    ])
  func refuses(_ test: Case) throws {
    let output = try ChildProcess.run(Program.path(), test.arguments, environment: test.environment)
    #expect(output.exit == .code(2), "\(output.standardError)")
    for word in test.words { #expect(output.standardError.contains(word), "\(output.standardError)") }
    #expect(output.standardOutput.isEmpty)
  }

  @Test(
    "refuses variables that are no whole seconds",
    arguments: ["NETWORK_TOTAL_WAIT_TIME", "NETWORK_PROBE_INTERVAL_TIME"])
  func variables(_ name: String) throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write("kubeconfig", Self.kubeconfig)
    let output = try ChildProcess.run(
      Program.path(), ["manager", "--kubeconfig", path], environment: [name: "a minute"])
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains(name) && output.standardError.contains("a minute"))
  }

  @Test("answers probes while the API server is away, and ends in order")
  func noServer() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write("kubeconfig", Self.kubeconfig)
    let ports = ["--webhook-port", "0", "--health-port", "0", "--drain-grace", "0"]
    let manager = try ChildProcess(Program.path(), ["manager", "--kubeconfig", path] + ports)
    var address: Substring?
    let deadline = ContinuousClock.now + ChildProcess.patience
    while address == nil, ContinuousClock.now < deadline {
      address = manager.standardError.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("address=") }
    }
    let health = try #require(address).dropFirst("address=".count)
    func status(_ path: String) throws -> String {
      try ChildProcess.run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "http://\(health)\(path)"])
        .standardOutput
    }
    #expect(try status("/healthz") == "200")
    #expect(try status("/readyz") == "503")
    manager.send(15)
    #expect(try manager.waitForExit() == .code(0), "\(manager.standardError)")
    #expect(try manager.nextLine() == nil)
  }

  @Test("names the contexts that there are")
  func context() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write("kubeconfig", Self.kubeconfig)
    let output = try ChildProcess.run(Program.path(), ["check", "--kubeconfig", path, "--context", "moon"])
    #expect(output.exit == .code(2))
    #expect(output.standardError.contains("moon") && output.standardError.contains("earth"), "\(output.standardError)")
  }

  private static let kubeconfig = """
    apiVersion: v1
    kind: Config
    current-context: earth
    clusters:
    - name: c
      cluster: {server: "http://127.0.0.1:9"}
    contexts:
    - name: earth
      context: {cluster: c}
    """
}
