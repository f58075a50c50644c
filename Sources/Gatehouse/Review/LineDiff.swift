/// The difference of two texts, line by line, as `diff -u` shows it.
enum LineDiff {
  /// How many unchanged lines stand around a change.
  private static let context = 3

  private enum Line {
    case same(String)
    case removed(String)
    case added(String)

    var isChange: Bool {
      if case .same = self { false } else { true }
    }

    var text: String {
      switch self {
      case .same(let line): "  \(line)"
      case .removed(let line): "- \(line)"
      case .added(let line): "+ \(line)"
      }
    }
  }

  /// The changed lines with those around them, and a `…` for each run that is left out; nothing where the texts are equal.
  static func lines(from old: [String], to new: [String]) -> [String] {
    let all = merged(old, new)
    let changes = all.indices.filter { all[$0].isChange }
    guard !changes.isEmpty else { return [] }
    var shown: [String] = []
    var next = 0
    for change in changes {
      let start = max(change - context, next)
      if start > next { shown.append("…") }
      let end = min(change + context, all.count - 1)
      if start <= end { shown += all[start...end].map(\.text) }
      next = max(next, end + 1)
    }
    if next < all.count { shown.append("…") }
    return shown
  }

  /// All lines of both texts in order, removed ones before the added ones that take their place.
  private static func merged(_ old: [String], _ new: [String]) -> [Line] {
    let difference = new.difference(from: old)
    let removed = Set(difference.removals.map(place))
    let added = Set(difference.insertions.map(place))
    var all: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        all.append(.removed(old[left]))
        left += 1
      } else if right < new.count, added.contains(right) {
        all.append(.added(new[right]))
        right += 1
      } else {
        all.append(.same(new[right]))
        left += 1
        right += 1
      }
    }
    return all
  }

  private static func place(_ change: CollectionDifference<String>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}
