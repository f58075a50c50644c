import ArgumentParser

struct PluginsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "plugins", abstract: "List the network plugins.")
  func run() throws {
    for m in try ManifestFile.load("-") { Terminal.line("\(m.title) \(m.line)") }
  }
}
