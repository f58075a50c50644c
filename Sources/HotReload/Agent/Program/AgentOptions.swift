/// What the agent is told by its flags and its environment; a flag wins over the variable of the same name.
public struct AgentOptions: Sendable, Equatable {
  /// What the program does.
  public enum Command: Sendable, Equatable {
    /// Watches the source until SIGTERM.
    case run
    /// Publishes the first revision and ends.
    case once
    /// Makes the revision before the current one current.
    case rollBack
    /// Answers by its exit code whether the running agent has a revision of its source.
    case checkStarted
    /// Copies this program into a directory.
    case install(String)
  }

  /// What the program does.
  public var command = Command.run
  /// The directory that is watched.
  public var source = AgentPaths.source
  /// The directory in which revisions are published.
  public var publish = AgentPaths.publish
  /// How the game is told.
  public var notification = ReloadNotification.none
  /// When a new revision may be published.
  public var gate = HotReloadSettings.Gate.immediate
  /// The pod's labels, as the downward API shows them.
  public var gateFile: String?
  /// The downward API's directory with `name`, `namespace` and `labels`, for templates.
  public var pod: String?
  /// The port for `/startup`, `/status` and `/metrics`; 0 picks one.
  public var statusPort: UInt16 = 0
  /// How many bytes all revisions may hold together; unlimited where nothing is said.
  public var sizeLimit = Int.max
  /// How often the source is looked at although nothing was reported.
  public var pollInterval = Duration.seconds(10)
  /// Where kubelet reads the last words of a container.
  public var terminationLog = "/dev/termination-log"

  /// The defaults.
  public init() {}
}

/// Why the flags make no sense.
public struct AgentUsageError: Error, Sendable, CustomStringConvertible {
  /// The flag, its value and what is accepted.
  public let description: String
}

extension AgentOptions {
  /// Reads flags (`--name VALUE` or `--name=VALUE`) and the environment.
  ///
  /// - Throws: ``AgentUsageError`` for an unknown flag or a value that does not parse.
  public init(arguments: [String], environment: [String: String]) throws(AgentUsageError) {
    self.init()
    var texts: [String: String] = [:]
    for variable in AgentVariable.allCases { texts[variable.flag] = environment[variable.rawValue] }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else { throw AgentUsageError(description: "\(argument) is not expected here") }
      if let command = Self.commands[argument] {
        self.command = command
        continue
      }
      let (flag, inline) = argument.splitOnce("=").map { ($0.0, Optional($0.1)) } ?? (argument, nil)
      guard Self.flags.contains(flag) else {
        throw AgentUsageError(
          description: "\(flag) is unknown: known are \(Self.flags.sorted().joined(separator: ", "))")
      }
      guard let value = inline ?? rest.popFirst() else { throw AgentUsageError(description: "\(flag) needs a value") }
      texts[flag] = value
    }
    try read(texts)
  }

  private static let commands: [String: Command] = [
    "--once": .once, "--rollback": .rollBack, "--check-started": .checkStarted,
  ]

  private static let flags: Set<String> = Set(AgentVariable.allCases.map(\.flag)).union([
    "--install", "--poll-interval", "--termination-log",
  ])

  private mutating func read(_ texts: [String: String]) throws(AgentUsageError) {
    if let directory = texts["--install"] { command = .install(directory) }
    source = texts["--source"] ?? source
    publish = texts["--publish"] ?? publish
    gateFile = texts["--gate-file"]
    pod = texts["--pod"]
    terminationLog = texts["--termination-log"] ?? terminationLog
    if let text = texts["--gate"] {
      guard let gate = HotReloadSettings.Gate(rawValue: text) else {
        throw AgentUsageError(description: "--gate \(text) is not accepted: it takes immediate or on-empty")
      }
      self.gate = gate
    }
    if let text = texts["--status-port"] {
      guard let port = UInt16(text) else {
        throw AgentUsageError(description: "--status-port \(text) is not accepted: it takes 0 to 65535")
      }
      statusPort = port
    }
    try readAmounts(texts)
    try readNotification(texts)
  }

  private mutating func readAmounts(_ texts: [String: String]) throws(AgentUsageError) {
    if let text = texts["--size-limit"] {
      guard let quantity = Quantity(text), quantity.units > 0 else {
        throw AgentUsageError(description: "--size-limit \(text) is not accepted: it takes an amount such as 64Mi")
      }
      sizeLimit = quantity.units
    }
    if let text = texts["--poll-interval"] {
      guard let seconds = Quantity(text), 1...3_600_000 ~= seconds.thousandths else {
        throw AgentUsageError(
          description: "--poll-interval \(text) is not accepted: it takes seconds such as 10 or 500m")
      }
      pollInterval = .milliseconds(seconds.thousandths)
    }
  }

  private mutating func readNotification(_ texts: [String: String]) throws(AgentUsageError) {
    var target: ProcessTarget?
    if let text = texts["--notify-target"] {
      switch ProcessTarget.check(text) {
      case .accepted(let value): target = value
      case .refused(let reason): throw AgentUsageError(description: "--notify-target \(text) \(reason)")
      }
    }
    guard let text = texts["--notify"] else { return }
    switch ReloadNotification.parse(text, target: target) {
    case .accepted(.signal(_, nil)):
      throw AgentUsageError(description: "--notify \(text) needs --notify-target exe=/path or cmdline=REGEX")
    case .accepted(let value): notification = value
    case .refused(let reason): throw AgentUsageError(description: "--notify \(text) \(reason)")
    }
  }
}

extension AgentVariable {
  /// The flag that the variable stands for.
  var flag: String {
    "--" + rawValue.dropFirst("HOT_RELOAD_".count).lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
  }
}
