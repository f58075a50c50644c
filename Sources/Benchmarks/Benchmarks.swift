import ArgumentParser

/// Prints what the product costs, as tables.
@main
struct Benchmarks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks", abstract: "Print what the parts of Gatehouse cost.",
    discussion: "Run it as an optimised build: swift run -c release --static-swift-stdlib Benchmarks.",
    subcommands: [
      ReviewsCommand.self, StoreCommand.self, ClusterCommand.self, ManagerCommand.self, PortsCommand.self,
      ScalerCommand.self,
    ],
    defaultSubcommand: ReviewsCommand.self)
}
