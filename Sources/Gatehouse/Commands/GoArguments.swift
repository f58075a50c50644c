/// The ways in which Go programs take flags, for Deployments that were written for OpenKruiseGame's manager.
enum GoArguments {
  /// Flags that take no value here and a boolean there.
  private static let switches: Set<String> = ["--leader-elect"]

  /// The same arguments as this program takes them: two dashes, and `--no-…` for a flag that is `false`.
  static func normalised(_ arguments: [String]) -> [String] {
    arguments.map { argument in
      let isSingleDash = argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.count > 2
      // What follows one dash there is a whole name; here only single letters do.
      let long = isSingleDash && argument.dropFirst(2).first != "=" ? "-\(argument)" : argument
      let parts = long.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, switches.contains(parts[0]) else { return long }
      switch parts[1] {
      case "true", "1", "t", "T", "TRUE", "True": return parts[0]
      case "false", "0", "f", "F", "FALSE", "False": return "--no-\(parts[0].dropFirst(2))"
      default: return long
      }
    }
  }
}
