import Admission
import HotReload
import JSON
import NetworkPlugins

/// Findings as they are collected, with the mode applied and the messages in one form.
struct FindingList {
  /// How much of a value a message shows: enough to recognise it.
  private static let valueLength = 80
  /// How many denials one message names; whoever mends these sees the next ones.
  private static let denialCount = 8

  /// How much of a value a warning shows, which has room for 120 characters in all.
  private static let briefLength = 30

  struct Entry {
    let finding: Finding
    /// The message with the last step of the path and less of the value.
    let brief: String
    /// What the rule looked at.
    let judged: Judged
  }

  /// What a rule looks at to find something, where it stood there before it is nothing that an update brought.
  enum Judged {
    /// The value that the finding shows.
    case value(JSONView?)
    /// Something that the finding shows in part.
    case text(String)
  }

  let mode: ValidationMode
  /// Whether the object is stored already.
  let isUpdate: Bool
  private(set) var entries: [Entry] = []

  init(_ mode: ValidationMode, isUpdate: Bool = false) {
    self.mode = mode
    self.isUpdate = isUpdate
  }

  /// What was found, in the order of the rules.
  var findings: [Finding] { entries.map(\.finding) }

  /// Something that cannot work; the message becomes `PATH VALUE: REASON`.
  ///
  /// - Parameter judged: what the rule looks at, where that is more than the value.
  mutating func deny(
    _ rule: GameRule, _ path: String, _ value: JSONView?, judging judged: String? = nil, _ reason: String
  ) {
    add(rule, path, value, severity(rule), judged) { "\($0) \($1): \(reason)" }
  }

  /// Something that cannot work, in words that are a contract; the message becomes `WORDS (PATH VALUE)`.
  ///
  /// - Parameter judged: what the rule looks at, where that is more than the value.
  mutating func deny(
    _ rule: GameRule, _ path: String, _ value: JSONView?, judging judged: String? = nil, exactly words: String
  ) {
    add(rule, path, value, severity(rule), judged) { "\(words) (\($0) \($1))" }
  }

  /// Something that works, but hardly as meant.
  mutating func warn(_ rule: GameRule, _ path: String, _ value: JSONView?, _ reason: String) {
    add(rule, path, value, .warning) { "\($0) \($1): \(reason)" }
  }

  /// Something that could be better.
  mutating func advise(_ rule: GameRule, _ path: String, _ value: JSONView?, _ reason: String) {
    add(rule, path, value, .advice) { "\($0) \($1): \(reason)" }
  }

  /// What a plugin says of one of its parameters.
  mutating func add(_ problem: ParameterProblem, path: String, _ value: JSONView?) {
    let text = FindingList.text(value, FindingList.valueLength)
    let finding = Finding(
      rule: GameRule.networkParameter.rawValue, fieldPath: path, value: value == nil ? "" : text,
      message: "\(path) \(text): \(problem.description)",
      severity: problem.isWarning ? .warning : severity(.networkParameter))
    entries.append(Entry(finding: finding, brief: problem.description, judged: .text(problem.description)))
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
      // The message starts with the field.
      let rest = problem.message.dropFirst(problem.field.count)
      let finding = Finding(
        rule: problem.rule.rawValue, fieldPath: path, value: problem.value, message: path + rest, severity: severity)
      entries.append(
        Entry(finding: finding, brief: FindingList.lastStep(path) + rest, judged: .text(problem.judged)))
    }
  }

  private func severity(_ rule: GameRule) -> Finding.Severity {
    mode == .strict || rule.isEnforcedByOpenKruiseGame(onUpdate: isUpdate) ? .error : .warning
  }

  /// Removes findings.
  mutating func removeAll(where isSuperfluous: (Entry) -> Bool) { entries.removeAll(where: isSuperfluous) }

  private mutating func add(
    _ rule: GameRule, _ path: String, _ value: JSONView?, _ severity: Finding.Severity, _ judged: String? = nil,
    _ message: (_ path: String, _ value: String) -> String
  ) {
    let text = FindingList.text(value, FindingList.valueLength)
    let finding = Finding(
      rule: rule.rawValue, fieldPath: path, value: value == nil ? "" : text, message: message(path, text),
      severity: severity)
    let brief = message(FindingList.lastStep(path), FindingList.text(value, FindingList.briefLength))
    entries.append(
      Entry(finding: finding, brief: brief, judged: judged.map(Judged.text) ?? .value(value)))
  }

  /// The last step of a path: a field, or the key of a map.
  private static func lastStep(_ path: String) -> String {
    if path.hasSuffix("]"), let bracket = path.lastIndex(of: "[") {
      let key = path[bracket...].dropFirst().dropLast()
      if Int(key) == nil { return String(key) }
    }
    return String(path.split(separator: ".").last ?? "")
  }

  /// The value as compact JSON, cut to a length.
  private static func text(_ value: JSONView?, _ limit: Int) -> String {
    guard let value else { return "is absent" }
    // Of a long value only the part that is shown is read: there may be a finding for each word of it.
    guard value.textRange.count <= 16 * limit else {
      let start = value.withTextBytes { bytes in (0..<limit - 3).map { bytes[$0] } }
      return String(decoding: start, as: UTF8.self) + "..."
    }
    // White space between values would only take room; a scalar has none.
    let text = value.isObject || value.isArray ? JSONValue(value).text : value.text
    return text.utf8.count <= limit ? text : String(text.prefix(limit - 3)) + "..."
  }
}

extension FindingList {
  /// Refuses for the errors and warns of the warnings.
  ///
  /// - Parameter rules: the rules whose warnings are said; nil for all.
  /// - Throws: ``ReviewFailure`` that names every error, up to a number that a person can read.
  func settle(_ context: inout ReviewContext, warningOf rules: [String]? = nil) throws(ReviewFailure) {
    for entry in entries where entry.finding.severity == .warning {
      if let rules, !rules.contains(entry.finding.rule) { continue }
      let message = entry.finding.message
      context.warn(message.unicodeScalars.count <= ReviewContext.warningLength ? message : entry.brief)
    }
    let errors = findings.filter { $0.severity == .error }.map(\.message)
    guard !errors.isEmpty else { return }
    var text = errors.prefix(FindingList.denialCount).joined(separator: "; ")
    if errors.count > FindingList.denialCount { text += "; and \(errors.count - FindingList.denialCount) more" }
    throw .refused(text)
  }
}
