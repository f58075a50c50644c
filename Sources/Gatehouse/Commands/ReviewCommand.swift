import Admission
import ArgumentParser
import JSON

/// How `review` writes a decision.
enum ReviewFormat: String, CaseIterable, ExpressibleByArgument {
  /// What happened and why.
  case summary
  /// The JSON patch.
  case patch
  /// The object as it would be stored, as YAML.
  case object
  /// The AdmissionReview that a server would answer with.
  case review
  /// What changes in the object, line by line.
  case diff
  /// The AdmissionReview that the API server would send; nothing is decided.
  case request
}

/// `gatehouse review`: decides without a server and without a cluster.
struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Decide manifests or AdmissionReviews without a server, and say why.",
    discussion: """
      Takes a Pod, GameServerSet or GameServer manifest, or an AdmissionReview, as YAML or JSON. Ends with 0 when all \
      are allowed, 1 when one is denied, 2 when the input cannot be used.

      Examples:
        gatehouse review --objects deploy/examples deploy/examples/pod.yaml
        gatehouse review --objects deploy/examples -o diff deploy/examples/pod.yaml
        gatehouse review --operation UPDATE --old stored.yaml changed.yaml
        kubectl get gss minecraft -o yaml | gatehouse review -
      """)

  @Argument(help: ArgumentHelp("Files to review, or - for standard input (default: -).", valueName: "file"))
  var files: [String] = ["-"]

  @OptionGroup(title: "Decisions") var decisions: DecisionOptions

  @Option(help: "What is done with the object of a manifest; an AdmissionReview says it itself.")
  var operation = AdmissionOperation.create

  @Option(help: ArgumentHelp("A file with the object as it is stored, for UPDATE and DELETE.", valueName: "file"))
  var old: String?

  @Flag(help: "Review as a dry run, which consumes nothing.")
  var dryRun = false

  @Option(
    name: [.short, .customLong("output")],
    help: """
      summary: what happened and why. patch: the JSON patch. object: the object as it would be stored. review: the \
      answer to the API server. diff: what changes. request: the review itself, undecided.
      """)
  var output = ReviewFormat.summary

  @Option(
    help: ArgumentHelp(
      "Show this answer of a server (an AdmissionReview) instead of deciding; use with -o object, patch or diff.",
      valueName: "file"))
  var answer: String?

  func run() throws {
    let input = ReviewInput(operation: operation, isDryRun: dryRun, old: old)
    let reviews = try files.flatMap { try input.reviews($0, isOnly: files.count == 1) }
    guard !reviews.isEmpty else {
      throw CommandFailure("no file has anything to review; Pod, GameServerSet and GameServer are reviewed")
    }
    if output == .request {
      for review in reviews { Terminal.line(JSONValue(review.request.document.root).text) }
      return
    }
    if let answer {
      guard reviews.count == 1 else { throw CommandFailure("--answer goes with one review, not \(reviews.count)") }
      return try show(ReceivedAnswer.load(answer), of: reviews[0])
    }
    let admission = try decisions.decider(decisions.cluster().store).admission
    var isDenied = false
    for (position, review) in reviews.enumerated() {
      let run = try ReviewRun(review.request, admission)
      // Objects one after another read back as documents of one YAML stream.
      if position > 0, output == .object { Terminal.line("---") }
      show(run)
      isDenied = isDenied || run.refusal != nil
    }
    guard !isDenied else { throw ExitCode(ExitStatus.refused) }
  }

  private func show(_ run: ReviewRun) {
    if output != .summary, output != .review, let refusal = run.refusal {
      Terminal.error("denied: \(refusal.message)")
      return
    }
    switch output {
    case .summary: ReviewSummary(run).lines.forEach(Terminal.line)
    case .review: Terminal.line(ReviewAnswer(run).value.text)
    case .patch, .object, .diff, .request:
      show(run.patch, before: run.request.object.map { JSONValue($0) }, after: run.object)
    }
  }

  private func show(_ patch: JSONPatch, before: JSONValue?, after: JSONValue?) {
    switch output {
    case .patch:
      var writer = JSONWriter()
      writer.patch(patch)
      Terminal.line(String(decoding: writer.bytes, as: UTF8.self))
    case .diff:
      LineDiff.lines(from: before.map(YAMLWriter.lines) ?? [], to: after.map(YAMLWriter.lines) ?? []).forEach(
        Terminal.line)
    case .object, .summary, .review, .request:
      after.map(YAMLWriter.lines)?.forEach(Terminal.line)
    }
  }

  private func show(_ received: ReceivedAnswer, of review: ReviewInput.Named) throws {
    received.notes.forEach(Terminal.line)
    guard received.isAllowed else { throw ExitCode(ExitStatus.refused) }
    guard output != .summary, output != .review else { return }
    let before = review.request.object.map { JSONValue($0) }
    show(received.patch, before: before, after: try received.applied(to: before))
  }
}
