/// The notation of reserved ordinals: single ids, and ranges `a-b` that include both ends.
public enum ReserveIDs {
  /// The most ids that one list may name; a longer range is refused, since every id is held in memory.
  ///
  /// A set has at most some ten thousand servers; a hundred times that leaves room for any reservation.
  public static let limit = 1_000_000

  /// Why a list was refused.
  public enum Problem: Error, Equatable, Sendable {
    /// A negative id.
    case negative(Int)
    /// An id that stands in the list twice; the text is the entry's own.
    case repeated(String)
    /// A text that is no range.
    case malformed(String)
    /// More than ``ReserveIDs/limit`` ids.
    case tooMany
  }

  /// The ids of a list that is stored: one that stands in it twice counts once, a list with an entry that is no id counts as empty.
  public static func stored(_ list: [IntOrString]) -> Set<Int> {
    var ids: Set<Int> = []
    for entry in list {
      guard let range = try? range(entry), range.count <= limit - ids.count else { return [] }
      ids.formUnion(range)
    }
    return ids
  }

  /// The ids of a list as a specification writes it.
  ///
  /// - Throws: the first ``Problem`` of the list.
  public static func parse(_ list: [IntOrString]) throws(Problem) -> Set<Int> {
    var ids: Set<Int> = []
    for entry in list {
      switch entry {
      case .int(let id):
        guard id >= 0 else { throw .negative(id) }
        guard ids.insert(id).inserted else { throw .repeated(String(id)) }
      case .string(let text):
        guard let range = range(text) else { throw .malformed(text) }
        guard range.count <= limit - ids.count else { throw .tooMany }
        for id in range where !ids.insert(id).inserted { throw .repeated("\(range.lowerBound)-\(range.upperBound)") }
      }
      guard ids.count <= limit else { throw .tooMany }
    }
    return ids
  }

  /// The ids that one entry of a list names, without a set of them being made.
  ///
  /// - Throws: ``Problem/negative(_:)`` or ``Problem/malformed(_:)``.
  public static func range(_ entry: IntOrString) throws(Problem) -> ClosedRange<Int> {
    switch entry {
    case .int(let id):
      guard id >= 0 else { throw .negative(id) }
      return id...id
    case .string(let text):
      guard let range = range(text) else { throw .malformed(text) }
      return range
    }
  }

  /// The ids that each entry of a list names, without a set of them being made; one id may be named twice.
  ///
  /// - Throws: ``Problem/negative(_:)`` or ``Problem/malformed(_:)`` for the first entry that is wrong.
  public static func ranges(_ list: [IntOrString]) throws(Problem) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for entry in list { ranges.append(try range(entry)) }
    return ranges
  }

  /// Where the first `count` ordinals end that are not reserved; 0 for none.
  ///
  /// - Parameter count: at most what the API's 32 bits hold.
  public static func end(of count: Int, without reserved: [ClosedRange<Int>]) -> Int {
    guard count > 0 else { return 0 }
    var end = count
    var seen = 0
    for range in reserved.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound >= seen {
      let first = max(range.lowerBound, seen)
      guard first < end else { break }
      seen = range.upperBound + 1
      end += seen - first
    }
    return end
  }

  /// The ids of an annotation, `1,3-5`; an entry that is neither id nor range is skipped.
  public static func parse(annotation: String) -> Set<Int> {
    var ids: Set<Int> = []
    for part in annotation.split(separator: ",") {
      let entry = part.trimmingBlanks
      if let id = Int(entry), id >= 0 {
        ids.insert(id)
      } else if let range = range(String(entry)), range.count <= limit - ids.count {
        ids.formUnion(range)
      }
    }
    return ids
  }

  /// The list of a specification: sorted, three and more in a row as a range.
  public static func list(_ ids: Set<Int>) -> [IntOrString] {
    var list: [IntOrString] = []
    for run in runs(ids) {
      if run.count >= 3 {
        list.append(.string("\(run.lowerBound)-\(run.upperBound)"))
      } else {
        list.append(contentsOf: run.map(IntOrString.int))
      }
    }
    return list
  }

  /// The text of an annotation, with the same runs as ``list(_:)``; empty for no ids.
  public static func annotation(_ ids: Set<Int>) -> String { list(ids).map(\.description).joined(separator: ",") }

  /// A range `a-b` with `a ≤ b`, blanks around the numbers tolerated.
  private static func range(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let low = Int(parts[0].trimmingBlanks), let high = Int(parts[1].trimmingBlanks), low >= 0,
      low <= high,
      high - low < limit
    else { return nil }
    return low...high
  }

  private static func runs(_ ids: Set<Int>) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for id in ids.sorted() {
      if let last = runs.last, last.upperBound + 1 == id {
        runs[runs.count - 1] = last.lowerBound...id
      } else {
        runs.append(id...id)
      }
    }
    return runs
  }
}
