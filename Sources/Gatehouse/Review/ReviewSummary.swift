import Admission
import GameAdmission
import JSON

/// What happened to a review and why, for people.
struct ReviewSummary {
  private let run: ReviewRun

  init(_ run: ReviewRun) { self.run = run }

  /// The lines.
  var lines: [String] {
    [headline] + steps + run.warnings.map { "  warning: \($0)" } + audit
  }

  private var headline: String {
    let request = run.request
    let name = [request.namespace, request.name].filter { !$0.isEmpty }.joined(separator: "/")
    let part = request.subresource.isEmpty ? "" : "/\(request.subresource)"
    let dryRun = request.isDryRun ? " (dry run)" : ""
    let subject = "\(request.operation.rawValue) \(ReviewRun.kind(of: request))\(part) \(name)\(dryRun)"
    guard let refusal = run.refusal else { return "\(subject): allowed, \(changes)" }
    return "\(subject): denied (\(refusal.reason.code)): \(refusal.message)"
  }

  private var changes: String {
    let count = run.patch.operations.count
    return count == 0 ? "unchanged" : "\(count) change\(count == 1 ? "" : "s")"
  }

  private var steps: [String] {
    run.steps.flatMap { step -> [String] in
      ["  \(step.path.rawValue)"] + (step.result.context.reports ?? []).flatMap(remarks) + outcome(step)
    }
  }

  private func remarks(_ report: MutatorReport) -> [String] {
    guard !report.remarks.isEmpty else { return ["    \(report.mutator): nothing to do"] }
    return report.remarks.map { remark in
      switch remark {
      case .acted(let why): "    \(report.mutator): \(why)"
      case .skipped(let why): "    \(report.mutator): nothing to do: \(why)"
      }
    }
  }

  /// What is said of a path without mutators, or that refused.
  private func outcome(_ step: ReviewRun.Step) -> [String] {
    switch step.result.decision {
    case .denied(let refusal): ["    refused: \(refusal.message)"]
    case .allowed(let message): step.path.isMutating && message == nil ? [] : ["    \(message ?? "allowed")"]
    case .patched: []
    }
  }

  private var audit: [String] {
    run.steps.flatMap(\.result.context.auditAnnotations).map { "  audit: \($0.key)=\($0.value)" }
  }
}
