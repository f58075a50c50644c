/// The size and depth of a value, found without writing it.
struct JSONMeasure {
  /// About how many bytes the value takes as text; escapes are not counted.
  private(set) var bytes = 0
  /// How many arrays and objects stand within each other.
  private(set) var depth = 0

  private let byteLimit: Int
  private let depthLimit: Int

  /// Measures a value; answers nil as soon as it proves larger or deeper than a limit.
  init?(_ value: JSONValue, bytes byteLimit: Int = .max, depth depthLimit: Int = .max) {
    self.byteLimit = byteLimit
    self.depthLimit = depthLimit
    guard add(value, at: 0) else { return nil }
  }

  private mutating func add(_ value: JSONValue, at level: Int) -> Bool {
    switch value {
    case .null: bytes += 4
    case .bool(let value): bytes += value ? 4 : 5
    case .number(let number): bytes += number.description.utf8.count
    case .string(let text): bytes += text.utf8.count + 2
    case .array(let elements):
      guard enter(level, count: elements.count) else { return false }
      for element in elements { guard add(element, at: level + 1) else { return false } }
    case .object(let object):
      guard enter(level, count: object.count) else { return false }
      for member in object.members {
        bytes += member.name.utf8.count + 3
        guard add(member.value, at: level + 1) else { return false }
      }
    }
    return bytes <= byteLimit
  }

  /// Counts a container's brackets and commas.
  private mutating func enter(_ level: Int, count: Int) -> Bool {
    bytes += 1 + max(count, 1)
    depth = max(depth, level + 1)
    return depth <= depthLimit
  }
}
