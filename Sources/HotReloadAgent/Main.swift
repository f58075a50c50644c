import Glibc
import HotReload

/// The agent as a program of its own: small enough for a sidecar, and, linked statically, able to run inside any image of assets.
///
/// It takes the same arguments as `gatehouse hot-reload`, with or without that word.
@main
enum Main {
  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "hot-reload" { arguments.removeFirst() }
    exit(AgentProgram.run(arguments: Array(arguments)))
  }
}
