import Admission
import HotReload
import JSON

/// Findings as they are collected, with the mode applied and the messages in one form.
struct FindingList {
  /// How much of a value a message shows: enough to recognise it.
  private static let valueLength = 80
  /// How many denials one message names; whoever mends these sees the next ones.
  private static let denialCount = 8

  let mode: ValidationMode
  private(set) var findings: [Finding] = []

  init(_ mode: ValidationMode) { self.mode = mode }

  /// Something that cannot work; the message becomes `PATH VALUE: REASON`.
  mutating func deny(_ rule: GameRule, _ path: String, _ value: JSONView?, _ reason: String) {
    add(rule, path, value, severity(rule), "\(path) \(FindingList.text(value)): \(reason)")
  }

  /// Something that cannot work, in words that are a contract; the message becomes `WORDS (PATH VALUE)`.
  mutating func deny(_ rule: GameRule, _ path: String, _ value: JSONView?, exactly words: String) {
    add(rule, path, value, severity(rule), "\(words) (\(path) \(FindingList.text(value)))")
  }

  /// Something that works, but hardly as meant.
  mutating func warn(_ rule: GameRule, _ path: String, _ value: JSONView?, _ reason: String) {
    add(rule, path, value, .warning, "\(path) \(FindingList.text(value)): \(reason)")
  }

  /// Something that could be better.
  mutating func advise(_ rule: GameRule, _ path: String, _ value: JSONView?, _ reason: String) {
    add(rule, path, value, .advice, "\(path) \(FindingList.text(value)): \(reason)")
  }

  /// What the rules of hot reload found; the annotations and fields that they name stand under `prefix`.
  mutating func add(_ problems: [HotReloadProblem], annotationsAt prefix: String) {
    for problem in problems {
      let severity: Finding.Severity =
        switch problem.severity {
        case .error: mode == .warn ? .warning : .error
        case .warning: .warning
        case .advice: .advice
        }
      let path = problem.field.contains("/") ? "\(prefix)[\(problem.field)]" : problem.field
      findings.append(
        Finding(
          rule: problem.rule.rawValue, fieldPath: path, value: problem.value, message: problem.message,
          severity: severity))
    }
  }

  private func severity(_ rule: GameRule) -> Finding.Severity {
    mode == .strict || rule.isEnforcedByOpenKruiseGame ? .error : .warning
  }

  private mutating func add(
    _ rule: GameRule, _ path: String, _ value: JSONView?, _ severity: Finding.Severity, _ message: String
  ) {
    let text = value.map { FindingList.shorten($0.text) } ?? ""
    findings.append(
      Finding(rule: rule.rawValue, fieldPath: path, value: text, message: message, severity: severity))
  }

  private static func text(_ value: JSONView?) -> String { value.map { shorten($0.text) } ?? "is absent" }

  private static func shorten(_ text: String) -> String {
    text.utf8.count <= valueLength ? text : String(text.prefix(valueLength - 3)) + "..."
  }
}

extension FindingList {
  /// Refuses for the errors and warns of the warnings.
  ///
  /// - Parameter rules: the rules whose warnings are said; nil for all.
  /// - Throws: ``ReviewFailure`` that names every error, up to a number that a person can read.
  func settle(_ context: inout ReviewContext, warningOf rules: [GameRule]? = nil) throws(ReviewFailure) {
    for finding in findings where finding.severity == .warning {
      if let rules, !rules.contains(where: { $0.rawValue == finding.rule }) { continue }
      context.warn(finding.message)
    }
    let errors = findings.filter { $0.severity == .error }.map(\.message)
    guard !errors.isEmpty else { return }
    var text = errors.prefix(FindingList.denialCount).joined(separator: "; ")
    if errors.count > FindingList.denialCount { text += "; and \(errors.count - FindingList.denialCount) more" }
    throw .refused(text)
  }
}
