import ArgumentParser

/// Prints what reviews cost, as tables.
struct ReviewsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reviews", abstract: "Print the time and the allocations of a review.",
    discussion: "deploy/bench measures the whole server from outside.")

  @Option(help: ArgumentHelp("The folder with the reviews.", valueName: "dir"))
  var bodies = "deploy/bench.d"

  @Option(help: ArgumentHelp("Operations in each of ten rounds.", valueName: "count"))
  var iterations = 5_000

  func validate() throws {
    guard (1...10_000_000).contains(iterations) else { throw ValidationError("--iterations takes 1 to 10000000.") }
  }

  func run() throws {
    let admission = DecisionBenchmark.makeAdmission()
    var costs = Table("one review", "µs", "CPU µs", "allocations", "bytes")
    var sizes = Table("sizes in bytes", "review", "answer", "outcome")
    let all = try ReviewBody.load(from: bodies)
    for body in all {
      let benchmark = try DecisionBenchmark(body, admission, iterations: iterations)
      for result in try benchmark.run() { costs.add(result.cells) }
      costs.add(try LoopbackBenchmark(body: body, iterations: max(1, iterations / 10)).run(admission).cells)
      let size = benchmark.sizes()
      sizes.add([body.name, "\(size.review)", "\(size.answer)", size.outcome])
    }
    print(costs.text, sizes.text, separator: "\n\n")
  }
}
