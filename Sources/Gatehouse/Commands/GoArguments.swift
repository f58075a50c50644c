import ArgumentParser

/// The ways in which Go programs take flags, for Deployments that were written for OpenKruiseGame's manager.
enum GoArguments {
  /// What OpenKruiseGame's manager does where no flag says otherwise, and this one does not.
  private static let defaults = ["--metrics-bind-address=:8080", "--webhook-server-certs-dir=/tmp/webhook-certs"]

  /// Flags that take no value here and a boolean there.
  private static let switches: Set<String> = [
    "--leader-elect", "--enable-cert-generation", "--disable-no-deepcopy", "--zap-devel", "--enable-tracing",
    "--enable-otel-logs",
  ]

  /// The arguments of a process as this program takes them, its own name left out.
  ///
  /// A program that was started as `manager`, which is the command of OpenKruiseGame's image, is the manager, with the defaults of that
  /// one: nothing of a Deployment but the image has to change.
  static func read(_ arguments: [String]) -> [String] {
    let own = Array(arguments.dropFirst())
    let command = ManagerCommand.configuration.commandName ?? ""
    if own.first == command { return [command] + normalised(own.dropFirst()) }
    let program = arguments.first?.split(separator: "/").last.map(String.init)
    return program == command ? [command] + defaults + normalised(own[...]) : own
  }

  /// The same flags in this program's form.
  private static func normalised(_ arguments: ArraySlice<String>) -> [String] {
    var taken: [String] = []
    for argument in arguments.map(normalised) {
      // An empty value is there what holds when nobody says anything, so its flag goes with it.
      if argument.hasPrefix("--"), argument.hasSuffix("="), argument.count(where: { $0 == "=" }) == 1 { continue }
      if argument.isEmpty, taken.last?.hasPrefix("--") == true { taken.removeLast() } else { taken.append(argument) }
    }
    return taken
  }

  /// One argument with two dashes, and with `--no-…` for what is `false`.
  private static func normalised(_ argument: String) -> String {
    let long = hasOneDash(argument) ? "-\(argument)" : argument
    let parts = long.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, switches.contains(parts[0]) else { return long }
    switch parts[1] {
    case "true", "1", "t", "T", "TRUE", "True": return parts[0]
    case "false", "0", "f", "F", "FALSE", "False": return "--no-\(parts[0].dropFirst(2))"
    default: return long
    }
  }

  /// Whether an argument is a flag behind one dash.
  ///
  /// What follows it there is a whole name; here only single letters do. Numbers are values.
  private static func hasOneDash(_ argument: String) -> Bool {
    guard argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.count > 2 else { return false }
    let second = argument[argument.index(after: argument.startIndex)]
    return second.isLetter && argument.dropFirst(2).first != "="
  }
}
