import JSON
import Kubernetes
import Testing

@testable import HotReload

@Suite("The agent's flags")
struct AgentOptionsTests {
  @Test("are those of the environment unless a flag says otherwise")
  func precedence() throws {
    let environment = [
      "HOT_RELOAD_SOURCE": "/s", "HOT_RELOAD_PUBLISH": "/p", "HOT_RELOAD_NOTIFY": "tcp:1",
      "HOT_RELOAD_GATE": "on-empty",
      "HOT_RELOAD_GATE_FILE": "/g", "HOT_RELOAD_POD": "/pod", "HOT_RELOAD_STATUS_PORT": "9",
      "HOT_RELOAD_SIZE_LIMIT": "16777216",
    ]
    let options = try AgentOptions(arguments: ["--source", "/t", "--notify=exec:/x"], environment: environment)
    #expect(options.source == "/t")
    #expect(options.publish == "/p")
    #expect(options.notification == .exec("/x"))
    #expect(options.gate == .onEmpty)
    #expect(options.gateFile == "/g")
    #expect(options.pod == "/pod")
    #expect(options.statusPort == 9)
    #expect(options.sizeLimit == 16 << 20)
    #expect(options.command == .run)
  }

  @Test("are understood as the webhook writes them")
  func webhook() throws {
    let all = annotations([
      "notify": "signal:SIGHUP", "notify-target": "cmdline=^game( |$)", "gate": "on-empty", "size-limit": "1Gi",
    ])
    var editor = PodEditor(try pod(all, #"{"containers":[{"name":"game"}]}"#))
    _ = try HotReloadInjector.inject(&editor, modern)
    let variables = editor.result["spec"]?["initContainers"]?[0]?["env"]?.array ?? []
    var environment: [String: String] = [:]
    for variable in variables {
      // Kubernetes turns two dollar signs into one.
      let value = variable["value"]?.string?.split(separator: "$$", omittingEmptySubsequences: false).joined(
        separator: "$")
      environment[variable["name"]?.string ?? ""] = value
    }
    let options = try AgentOptions(arguments: [], environment: environment)
    #expect(options.notification.target?.description == "cmdline=^game( |$)")
    #expect(options.gateFile == "/hot-reload/pod/labels")
    #expect(options.statusPort == 9877)
    #expect(options.sizeLimit == 1 << 30)
  }

  @Test(
    "choose the command",
    arguments: [
      (["--once"], AgentOptions.Command.once), (["--rollback"], .rollBack), (["--check-started"], .checkStarted),
      (["--install", "/b"], .install("/b")), ([], .run),
    ])
  func commands(_ arguments: [String], _ command: AgentOptions.Command) throws {
    #expect(try AgentOptions(arguments: arguments, environment: [:]).command == command)
  }

  @Test(
    "that make no sense are refused by name",
    arguments: [
      (["--gate", "x"], "--gate x"), (["--status-port", "70000"], "--status-port 70000"),
      (["--source"], "--source needs"),
      (["--nope", "1"], "--nope is unknown"), (["word"], "word is not expected"), (["--notify", "x"], "--notify x"),
      (["--notify", "signal:SIGHUP"], "needs --notify-target"), (["--size-limit", "-1"], "--size-limit -1"),
      (["--poll-interval", "0"], "--poll-interval 0"), (["--notify-target", "x"], "--notify-target x"),
    ])
  func refused(_ arguments: [String], _ reason: String) {
    let error = #expect(throws: AgentUsageError.self) { try AgentOptions(arguments: arguments, environment: [:]) }
    #expect(error?.description.contains(reason) == true)
  }
}
