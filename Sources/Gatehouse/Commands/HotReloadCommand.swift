import ArgumentParser
import HotReload

/// `gatehouse hot-reload`: the agent that runs in the sidecar.
struct HotReloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hot-reload",
    abstract: "Publish assets to a running game: the agent of the hot-reload sidecar.",
    discussion: """
      Watches a directory (a mounted ConfigMap or Secret, or assets inside the image), publishes each complete revision \
      in one step, and tells the game. Files named *.tmpl may use {{.Ordinal}}, {{.Name}}, {{.Namespace}}, \
      {{.Labels.word}} and {{index .Labels "any/key"}}. The webhook sets everything by environment variables \
      (HOT_RELOAD_SOURCE and so on); a flag wins over its variable.

      Once it runs it prints one line: ready status=HOST:PORT. There it answers /startup, /status and /metrics.

      Examples:
        gatehouse hot-reload --source ./assets --publish ./live --notify http:POST:8081/reload
        gatehouse hot-reload --publish ./live --rollback
      """)

  @Option(help: ArgumentHelp("The directory that is watched.", valueName: "dir")) var source: String?
  @Option(help: ArgumentHelp("The directory in which revisions are published.", valueName: "dir")) var publish: String?
  @Option(
    help: ArgumentHelp(
      "none, signal:SIGHUP, http:POST:8081/reload, tcp:8081 or exec:/path.", valueName: "how"))
  var notify: String?
  @Option(help: ArgumentHelp("exe=/srv/game or cmdline=REGEX, for signals.", valueName: "process"))
  var notifyTarget: String?
  @Option(help: ArgumentHelp("immediate, or on-empty to wait while the server is Allocated.", valueName: "when"))
  var gate: String?
  @Option(help: ArgumentHelp("The pod's labels as the downward API shows them.", valueName: "file"))
  var gateFile: String?
  @Option(help: ArgumentHelp("The downward API's name, namespace and labels, for templates.", valueName: "dir"))
  var pod: String?
  @Option(help: ArgumentHelp("The port of /startup, /status and /metrics; 0 picks one.", valueName: "port"))
  var statusPort: String?
  @Option(help: ArgumentHelp("How much all revisions may hold together, such as 64Mi.", valueName: "size"))
  var sizeLimit: String?
  @Option(help: ArgumentHelp("How often to look although nothing was reported.", valueName: "seconds"))
  var pollInterval: String?
  @Option(help: ArgumentHelp("Where the last status is left.", valueName: "file")) var terminationLog: String?
  @Option(help: ArgumentHelp("Copy this program into a directory and end.", valueName: "dir")) var install: String?
  @Flag(help: "Publish the first revision and end.") var once = false
  @Flag(help: "Go back to the revision before the current one and end.") var rollback = false
  @Flag(help: "End with 0 if there is a revision.") var checkStarted = false

  func run() throws {
    let isTold = !arguments.isEmpty || ProcessEnvironment.read().keys.contains { $0.hasPrefix("HOT_RELOAD_") }
    guard isTold else {
      throw CommandFailure(
        "hot-reload takes --source DIR and --publish DIR, and --notify to tell the game; the webhook gives the sidecar the "
          + "same by HOT_RELOAD_SOURCE, HOT_RELOAD_PUBLISH and HOT_RELOAD_NOTIFY (see --help)")
    }
    let code = AgentProgram.run(arguments: arguments)
    guard code == 0 else { throw ExitCode(code) }
  }

  /// The flags as the agent reads them; it knows their grammar and says what it refuses.
  private var arguments: [String] {
    let options: [(String, String?)] = [
      ("--source", source), ("--publish", publish), ("--notify", notify), ("--notify-target", notifyTarget),
      ("--gate", gate), ("--gate-file", gateFile), ("--pod", pod), ("--status-port", statusPort),
      ("--size-limit", sizeLimit), ("--poll-interval", pollInterval), ("--termination-log", terminationLog),
      ("--install", install),
    ]
    let flags = [("--once", once), ("--rollback", rollback), ("--check-started", checkStarted)]
    return options.flatMap { name, value in value.map { [name, $0] } ?? [] } + flags.filter(\.1).map(\.0)
  }
}
