import JSON

/// The lines of a file on which the values of one object stand.
struct SourceLines: Sendable {
  /// The line of the value, or of its name where it has one, counted from 1.
  let line: Int
  /// The lines of an object's members.
  var members: [String: SourceLines] = [:]
  /// The lines of an array's elements.
  var elements: [SourceLines] = []

  /// The line of a field, or of the nearest thing around it that stands in the file.
  func line(of path: FieldPath) -> Int {
    var place = self
    var steps = path.steps[...]
    while let step = steps.popFirst() {
      if let position = Int(step), place.elements.indices.contains(position) {
        place = place.elements[position]
      } else if let next = place.member(step, &steps) {
        place = next
      } else {
        return place.line
      }
    }
    return place.line
  }

  /// The member of a name that may itself hold dots, such as an annotation's, and so was split into several steps.
  private func member(_ first: String, _ rest: inout ArraySlice<String>) -> SourceLines? {
    var name = first
    var left = rest
    while true {
      if let member = members[name] {
        rest = left
        return member
      }
      guard let next = left.popFirst() else { return nil }
      name += "." + next
    }
  }
}

extension SourceLines {
  /// The lines of the values of a JSON text that starts on `firstLine`.
  init(_ root: JSONView, firstLine: Int) {
    let newlines = root.withTextBytes { text in
      text.indices.filter { text[$0] == UInt8(ascii: "\n") }
    }
    self.init(root, LineTable(start: root.textRange.lowerBound, firstLine: firstLine, newlines: newlines))
  }

  private init(_ view: JSONView, _ table: LineTable, named: Int? = nil) {
    line = table.line(of: named ?? view.textRange.lowerBound)
    elements = view.elements.map { SourceLines($0, table) }
    for member in view.members {
      members[member.name] = SourceLines(member.value, table, named: member.nameView.textRange.lowerBound)
    }
  }
}

/// Finds the line of a byte.
private struct LineTable {
  /// Where the root value starts in the text.
  let start: Int
  let firstLine: Int
  /// Where the line feeds behind it stand, counted from it.
  let newlines: [Int]

  func line(of offset: Int) -> Int {
    let place = offset - start
    var low = 0
    var high = newlines.count
    while low < high {
      let middle = (low + high) / 2
      if newlines[middle] < place { low = middle + 1 } else { high = middle }
    }
    return firstLine + low
  }
}
