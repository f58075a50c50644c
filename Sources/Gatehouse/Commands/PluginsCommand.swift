import ArgumentParser
import JSON
import NetworkPlugins

/// How a list is written.
enum ListFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
}

/// How the list of plugins is written.
enum PluginFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
  case markdown
}

/// `gatehouse plugins`: what may stand in a GameServerSet's `spec.network`.
struct PluginsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugins",
    abstract: "List the network plugins with their parameters, types and defaults.",
    discussion: """
      A plugin is chosen by `spec.network.networkType` of a GameServerSet; its parameters are the entries of \
      `spec.network.networkConf`.

      Examples:
        gatehouse plugins                        every plugin
        gatehouse plugins Kubernetes-HostPort    one plugin
        gatehouse plugins -o markdown            the reference page deploy/network-plugins.md
      """)

  @Argument(help: ArgumentHelp("Show only this plugin.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp("The TOML file that enables providers; without it what OpenKruiseGame ships.", valueName: "file")
  )
  var providerConfig: String?

  @Option(name: [.short, .customLong("output")], help: "How the list is written.")
  var output = PluginFormat.text

  func run() throws {
    let configuration = try providerConfig.map { path throws(InputError) in try ProviderFile.load(path) } ?? .shipped
    let plugins = PluginRegistry.all.filter { name == nil || $0.name == name }
    guard !plugins.isEmpty else {
      let names = PluginRegistry.all.map(\.name).joined(separator: ", ")
      throw CommandFailure("there is no plugin \(name ?? ""); there are \(names)")
    }
    let descriptions = plugins.map { PluginDescription($0, configuration) }
    switch output {
    case .text: Terminal.line(descriptions.map(\.text).joined(separator: "\n\n"))
    case .json: Terminal.line(JSONValue.array(descriptions.map(\.value)).text)
    case .markdown: Terminal.line(PluginPage(plugins).text)
    }
  }
}
