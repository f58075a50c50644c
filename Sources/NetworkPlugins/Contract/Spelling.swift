/// Finds the name that somebody probably meant.
enum Spelling {
  /// The nearest of some names, case aside; nil where none is near: more than two edits, or more than a third of the letters, away.
  static func nearest(to name: String, in names: [String]) -> String? {
    // No declared name is longer than some 60 letters, so a longer text resembles none of them.
    guard name.utf8.count <= 80 else { return nil }
    let limit = min(2, name.utf8.count / 3)
    let ranked = names.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
    return best.name
  }

  /// How many letters must be inserted, removed or changed to turn one text into another (Levenshtein).
  private static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other.utf8)
    var row = Array(0...other.count)
    for (line, unit) in one.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in other.indices {
        let changed = diagonal + (unit == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}
