/// What a strategic merge knows about the fields of one type, read from the table.
struct StrategicMergeSchema: Sendable {
  /// How a field is merged.
  enum Strategy: Sendable, Equatable {
    /// Objects by member, everything else replaced.
    case standard
    /// Replaced, even where it is an object.
    case replace
    /// A list of objects that a member tells apart.
    case keyed(String)
    /// A list of plain values, each once.
    case set
  }

  /// How a field is merged, and the type of what is in it.
  struct Field: Sendable {
    let strategy: Strategy
    let schema: StrategicMergeSchema
  }

  private let type: String

  /// A type without special fields.
  static let plain = StrategicMergeSchema(type: "-")

  private init(type: String) { self.type = type }

  /// The schema of a kind; nil where it is not built in.
  init?(group: String, kind: String) {
    guard StrategicMergeTable.groups.contains(group) else { return nil }
    // A kind without a line has the metadata that every kind has.
    type = StrategicMergeSchema.kinds["\(group.isEmpty ? "-" : group) \(kind)"] ?? "Object"
  }

  /// How a field of this type is merged.
  func field(_ name: String) -> Field {
    StrategicMergeSchema.fields["\(type) \(name)"] ?? Field(strategy: .standard, schema: .plain)
  }

  private static let kinds: [String: String] = Dictionary(
    lines(of: StrategicMergeTable.kinds).map { ("\($0[0]) \($0[1])", $0[2]) }, uniquingKeysWith: { $1 })

  private static let fields: [String: Field] = Dictionary(
    lines(of: StrategicMergeTable.fields).map { words in
      ("\(words[0]) \(words[1])", Field(strategy: strategy(words), schema: StrategicMergeSchema(type: words[2])))
    }, uniquingKeysWith: { $1 })

  private static func strategy(_ words: [String]) -> Strategy {
    guard words.count > 3 else { return .standard }
    return switch words[3] {
    case "*": .set
    case "replace": .replace
    case let key: .keyed(key)
    }
  }

  /// The lines of a table as words; a line with fewer than three would be a fault of the table and is passed over.
  private static func lines(of table: String) -> [[String]] {
    table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }.filter { $0.count >= 3 }
  }
}
