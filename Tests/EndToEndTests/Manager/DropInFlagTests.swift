import KubeClient
import Kubernetes
import TestSupport
import Testing

/// Deployments that were written for OpenKruiseGame's manager start this one: every flag of it is taken, in each form that Go takes.
@Suite struct DropInFlagTests {
  /// A flag of OpenKruiseGame's manager.
  struct Flag: CustomTestStringConvertible, Sendable {
    let name: String
    let value: String
    /// Why nothing comes of it, in a word of the log line that says so; nil for one that takes effect.
    let reason: String?
    var isBoolean: Bool { value == "true" || value == "false" }
    var testDescription: String { "-\(name) \(value)" }

    init(_ name: String, _ value: String, without reason: String? = nil) {
      (self.name, self.value, self.reason) = (name, value, reason)
    }

    /// Each way of giving it.
    var forms: [[String]] {
      let joined = [["-\(name)=\(value)"], ["--\(name)=\(value)"]]
      guard isBoolean else { return joined + [["-\(name)", value], ["--\(name)", value]] }
      return joined + (value == "true" ? [["-\(name)"], ["--\(name)"], ["--\(name)=T"]] : [["--\(name)=0"]])
    }
  }

  private static let flags = [
    Flag("metrics-bind-address", ":8080"), Flag("metrics-bind-address", "0"),
    Flag("metrics-bind-address", "[::1]:8080"), Flag("health-probe-bind-address", "0.0.0.0:8082"),
    Flag("health-probe-bind-address", "localhost:8082"), Flag("leader-elect", "true"), Flag("leader-elect", "false"),
    Flag("namespace", "games"), Flag("sync-period", "10h30m"), Flag("scale-server-bind-address", ":6000"),
    Flag("api-server-qps", "5"), Flag("api-server-qps-burst", "10"), Flag("webhook-port", "9876"),
    Flag("webhook-server-certs-dir", "/tmp/webhook-certs/"), Flag("webhook-service-namespace", "kruise-game-system"),
    Flag("webhook-service-name", "kruise-game-webhook-service"), Flag("enable-cert-generation", "true"),
    Flag("gameserver-workers", "10"), Flag("gameserverset-workers", "10"),
    Flag("disable-no-deepcopy", "false", without: "never copied"),
    Flag("disable-no-deepcopy", "true", without: "never copied"), Flag("log-format", "console"),
    Flag("log-format", "json"), Flag("log-json-preset", "otel", without: "one layout"),
    Flag("enable-otel-logs", "true", without: "standard error"), Flag("zap-devel", "true"), Flag("zap-devel", "false"),
    Flag("zap-encoder", "json"), Flag("zap-encoder", "console"), Flag("zap-log-level", "debug"),
    Flag("zap-log-level", "warn"), Flag("zap-log-level", "error"), Flag("zap-log-level", "5"),
    Flag("zap-stacktrace-level", "panic", without: "stack traces"),
    Flag("zap-time-encoding", "iso8601", without: "RFC 3339"), Flag("enable-tracing", "true"),
    Flag("enable-tracing", "false"), Flag("otel-collector-endpoint", "collector:4317"),
    Flag("otel-collector-token", "abc"), Flag("otel-sampling-rate", "0.5"), Flag("otel-sampling-rate", "-0.5"),
  ]

  /// What the manager says to arguments before it looks for a cluster that is not there.
  private static func said(_ arguments: [String]) throws -> String {
    let output = try ChildProcess.run(Program.path(), ["manager"] + arguments + ["--kubeconfig", "/nonexistent"])
    #expect(output.exit == .code(2))
    #expect(output.standardOutput.isEmpty)
    return output.standardError
  }

  @Test("takes the flag in every form, and says where it has no effect", arguments: flags)
  func taken(_ flag: Flag) throws {
    for form in flag.forms {
      let said = try Self.said(form)
      #expect(said.contains("/nonexistent"), "\(form): \(said)")
      let lines = said.split(separator: "\n").filter { $0.contains("has no effect") }
      if let reason = flag.reason {
        #expect(lines.count == 1 && lines[0].contains("--\(flag.name)") && lines[0].contains(reason), "\(said)")
      } else {
        #expect(lines.isEmpty, "\(form): \(said)")
      }
    }
  }

  @Test(
    "takes an empty value for none",
    arguments: [["--namespace="], ["-namespace", ""], ["--sync-period="], ["--log-json-preset="]])
  func empty(_ arguments: [String]) throws {
    let said = try Self.said(arguments)
    #expect(said.split(separator: "\n").count == 1 && said.contains("/nonexistent"), "\(said)")
  }

  @Test(
    "refuses what cannot be meant, naming what is accepted",
    arguments: [
      ("--metrics-bind-address 8080", "HOST:PORT"), ("--health-probe-bind-address :70000", "HOST:PORT"),
      ("--scale-server-bind-address 0", "not 0"), ("--zap-log-level loud", "debug"),
      ("--enable-cert-generation --webhook-registration none", "--webhook-registration managed"),
      ("-enable-cert-generation=false --webhook-registration managed", "--webhook-registration none"),
    ])
  func refused(_ line: String, _ words: String) throws {
    let said = try Self.said(line.split(separator: " ").map(String.init))
    #expect(said.contains(words), "\(said)")
    #expect(!said.contains("/nonexistent"), "\(said)")
  }

  @Test("tells that --log-format goes before --zap-encoder, where they differ")
  func encoder() throws {
    #expect(try Self.said(["--log-format=json", "--zap-encoder=console"]).contains(#""flag":"--zap-encoder""#))
    #expect(try !Self.said(["--log-format=console", "--zap-encoder=console"]).contains("has no effect"))
  }

  @Test(
    "ignores a period that is none, with a log line, and starts",
    arguments: ["soon", "10", "-1m", "1ms", "1h1", "0", "9999999h", "."])
  func period(_ text: String) async throws {
    let simulated = try await SimulatedClusterProcess()
    let manager = try ManagerUnderTest(simulated.cluster, .url, ["--sync-period=\(text)"])
    #expect(manager.process.standardError.contains("--sync-period is ignored"))
  }

  @Test("starts as the command of OpenKruiseGame's image, with the arguments that it ships")
  func image() async throws {
    let simulated = try await SimulatedClusterProcess()
    let name = simulated.folder.directory.file("manager")
    let certificates = simulated.folder.directory.file("certs")
    #expect(try ChildProcess.run("ln", ["-s", Program.path(), name]).exit == .code(0))
    let config = "\(try Program.root())/deploy/base/config.toml"
    let manager = try ManagerUnderTest(
      started: ChildProcess(
        name,
        [
          "--provider-config=\(config)", "--api-server-qps=5", "--api-server-qps-burst=10",
          "--enable-cert-generation=false", "--leader-elect=true",
          // What a test has to have otherwise: free ports, a folder of its own, a cluster that it is not in.
          "-webhook-port=0", "-metrics-bind-address=:0", "-health-probe-bind-address=:0",
          "-scale-server-bind-address=:0", "-webhook-server-certs-dir", certificates,
          "-kubeconfig=\(simulated.cluster.kubeconfig)", "--drain-grace=0",
        ]))
    #expect(try manager.status("/readyz") == "200")
    let metrics = try #require(manager.metrics)
    #expect(metrics != manager.health)
    #expect(try manager.status("/metrics", at: metrics) == "200")
    #expect(try manager.status("/healthz", at: metrics) == "404")
    #expect(try manager.status("/metrics") == "200")
    // As none: the pair of the folder is shown, and nothing is registered.
    #expect(try simulated.folder.directory.read("certs/tls.crt").isEmpty == false)
    #expect(try await simulated.cluster.find(.mutatingWebhookConfigurations, "", "kruise-game-mutating-webhook") == nil)
    manager.process.send(15)
    #expect(try manager.process.waitForExit() == .code(0), "\(manager.process.standardError)")
  }

  @Test("has one plain port where metrics are asked for at that of the probes, or nowhere", arguments: ["same", "0"])
  func onePort(_ address: String) async throws {
    let simulated = try await SimulatedClusterProcess()
    // A port that was free a moment ago: the number has to be known beforehand.
    let port = try ManagerUnderTest(simulated.cluster).health.split(separator: ":").last.map(String.init) ?? ""
    let same = address == "same" ? ":\(port)" : address
    let manager = try ManagerUnderTest(
      simulated.cluster, .url, ["--health-probe-bind-address=:\(port)", "--metrics-bind-address=\(same)"])
    #expect(manager.metrics == nil)
    #expect(manager.health == "127.0.0.1:\(port)")
    #expect(try manager.status("/metrics") == "200")
  }

  @Test("looks at everything again in each --sync-period, and writes nothing where nothing changed")
  func resync() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let manager = try ManagerUnderTest(cluster, .url, ["--sync-period", "1s"])
    try await cluster.waitForRegistration()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 3))
    try await cluster.wait("three servers are ready") {
      try await cluster.states("arena") == ["Ready", "Ready", "Ready"]
    }
    // Servers settle for a while after they are ready; then each controller looks at all of its keys three times, for nothing.
    let controllers = [
      ("gameserver-controller", 3.0), ("gameserverset-controller", 1), ("network-controller", 3),
      ("hot-reload-controller", 3), ("webhook-registration", 1),
    ]
    func passes() throws -> [Double] { try controllers.map { try manager.passes($0.0) } }
    try await cluster.wait("the writes come to an end") {
      let (before, writes) = (try passes(), try manager.writes())
      try await cluster.wait("three looks at everything") {
        let grown = zip(try passes(), before).map { $0 - $1 }
        return zip(grown, controllers).allSatisfy { $0 >= 3 * $1.1 }
      }
      return try manager.writes() == writes
    }
  }
}
