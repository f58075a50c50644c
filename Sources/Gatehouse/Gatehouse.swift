import ArgumentParser

/// The `gatehouse` program: the commands and what is common to them.
struct Gatehouse: ParsableCommand {
  /// The version that `--version`, `/version` and the metrics name.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "gatehouse",
    abstract: "Game servers on Kubernetes.",
    discussion: """
      Gatehouse runs GameServerSets and GameServers, and answers the Kubernetes API server's admission reviews for them and their pods: \
      it gives pods their network, their priorities and their hot-reload sidecar, and refuses what could not work.

      `manager` is the product in a cluster, and `check` tells whether a cluster has what it needs. Without a cluster, `review` shows what would happen to a manifest and why, and `lint` checks manifests before \
      they are applied.
      """,
    version: version,
    subcommands: [
      ManagerCommand.self, CheckCommand.self, ServeCommand.self, ReviewCommand.self, LintCommand.self,
      CertsCommand.self,
      PluginsCommand.self, PortsCommand.self,
      ScaleCommand.self, HotReloadCommand.self, SimulateCommand.self, DemoCommand.self,
    ])
}
