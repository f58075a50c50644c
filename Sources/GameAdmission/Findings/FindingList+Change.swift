import JSON

extension FindingList {
  /// What the rules find in an object and, of an update, only what the stored object does not have, too: it stays editable beside what
  /// is wrong with it.
  ///
  /// - Parameter rules: called a second time with the stored object alone, where an update has findings.
  static func check(
    _ change: Change, _ mode: ValidationMode, _ rules: (Change, inout FindingList) -> Void
  ) -> FindingList {
    var findings = FindingList(mode, isUpdate: change.old != nil)
    rules(change, &findings)
    guard let old = change.old, !findings.entries.isEmpty else { return findings }
    var known = FindingList(mode)
    rules(Change(new: old, old: nil), &known)
    findings.remove(known)
    return findings
  }

  /// Removes what another list holds, each finding as often as it stands there.
  private mutating func remove(_ known: FindingList) {
    var counts: [Subject: Int] = [:]
    for entry in known.entries { counts[Subject(entry), default: 0] += 1 }
    removeAll { entry in
      let subject = Subject(entry)
      guard let count = counts[subject], count > 0 else { return false }
      counts[subject] = count - 1
      return true
    }
  }

  /// What a finding is about: equal for findings of two objects that only differ elsewhere.
  private struct Subject: Hashable {
    private let rule: String
    private let path: [UInt8]
    private let judged: JSONValue?

    init(_ entry: Entry) {
      rule = entry.finding.rule
      path = Subject.withoutPositions(entry.finding.fieldPath)
      judged =
        switch entry.judged {
        case .value(let value): value.map { JSONValue($0) }
        case .text(let text): .string(text)
        }
    }

    /// A path without positions in lists, which shift as other entries come and go.
    private static func withoutPositions(_ path: String) -> [UInt8] {
      var kept: [UInt8] = []
      for byte in path.utf8 {
        if byte == UInt8(ascii: "]") {
          let digits = kept.reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
          if digits > 0, kept.dropLast(digits).last == UInt8(ascii: "[") { kept.removeLast(digits) }
        }
        kept.append(byte)
      }
      return kept
    }
  }
}
