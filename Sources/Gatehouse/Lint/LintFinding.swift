import JSON

/// One thing that `lint` has to say of a manifest.
struct LintFinding: Sendable, Hashable {
  /// How bad it is.
  enum Level: String, Sendable, Comparable, CaseIterable {
    /// The server would refuse the object.
    case error
    /// The server would allow it and warn.
    case warning
    /// Nothing is wrong; something is likely not what was meant.
    case advice

    /// The number with the word for so many.
    func counted(_ count: Int) -> String {
      switch self {
      case .advice: "\(count) advice"
      case .error, .warning: "\(count) \(rawValue)\(count == 1 ? "" : "s")"
      }
    }

    /// Orders from the worst on.
    static func < (one: Level, other: Level) -> Bool {
      (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }
  }

  let level: Level
  /// The field as messages write it; empty for the whole object.
  let field: String
  /// What is wrong and what would be right.
  let message: String
  /// The rule's short name.
  let rule: String
}

/// A finding with its place.
struct PlacedFinding: Sendable, Hashable {
  let file: String
  let line: Int
  /// `Kind namespace/name`; empty where the file could not be read so far.
  let object: String
  let finding: LintFinding

  /// Puts a finding on the line of its field.
  init(_ finding: LintFinding, in manifest: Manifest) {
    file = manifest.file
    line = manifest.lines.line(of: FieldPath(finding.field))
    object = manifest.title
    self.finding = finding
  }

  /// A file that cannot be used.
  init(_ error: InputError) {
    file = error.file
    line = error.line ?? 1
    object = ""
    finding = LintFinding(level: .error, field: "", message: error.problem, rule: "manifest")
  }

  /// `file:line: level: message (rule)`, the form that editors jump to.
  var text: String {
    // Most messages name the field, or at least its last part, themselves.
    let name = FieldPath(finding.field).steps.last { Int($0) == nil } ?? ""
    let field = name.isEmpty || finding.message.contains(name) ? "" : "\(finding.field): "
    return "\(file):\(line): \(finding.level.rawValue): \(field)\(finding.message) (\(finding.rule))"
  }

  /// The same as an object.
  var value: JSONValue {
    [
      "file": .string(file), "line": .int(line), "level": .string(finding.level.rawValue), "object": .string(object),
      "field": .string(finding.field), "message": .string(finding.message), "rule": .string(finding.rule),
    ]
  }
}
