import JSON
import Yams

/// Writes one YAML document as JSON and notes the lines, following aliases within a limit.
struct YAMLConverter {
  private let file: String
  private var writer = JSONWriter()
  /// How many values may still be written; aliases of aliases grow exponentially, this does not.
  private(set) var values: Int

  init(file: String, values: Int) {
    self.file = file
    self.values = values
  }

  /// The document as JSON; nil for an empty one.
  mutating func document(_ root: Node) throws(InputError) -> YAMLText.Document? {
    if case .scalar(let scalar) = root, scalar.style == .plain, scalar.string.isEmpty { return nil }
    let lines = try write(root, depth: 0, line: nil)
    do {
      let json = try JSONDocument(
        writer.bytes, limits: JSONLimits(depth: ManifestLimits.depth, bytes: ManifestLimits.fileBytes))
      return YAMLText.Document(json: json, lines: lines)
    } catch {
      throw InputError(file, line: lines.line, "holds a value that JSON cannot write: \(error)")
    }
  }

  private mutating func write(_ node: Node, depth: Int, line named: Int?) throws(InputError) -> SourceLines {
    let line = named ?? node.mark?.line ?? 1
    values -= 1
    guard values >= 0 else {
      throw InputError(
        file, line: line,
        "grows past \(ManifestLimits.yamlValues) values when its aliases are followed; write the values out")
    }
    guard depth < ManifestLimits.depth else {
      throw InputError(file, line: line, "is nested more than \(ManifestLimits.depth) levels deep")
    }
    switch node {
    case .scalar(let scalar):
      try write(scalar, line: line)
      return SourceLines(line: line)
    case .sequence(let sequence):
      return try write(sequence, depth: depth, line: line)
    case .mapping(let mapping):
      return try write(mapping, depth: depth, line: line)
    case .alias:
      throw InputError(file, line: line, "has an alias without its anchor")
    }
  }

  private mutating func write(_ sequence: Node.Sequence, depth: Int, line: Int) throws(InputError) -> SourceLines {
    var lines = SourceLines(line: line)
    writer.beginArray()
    for element in sequence { lines.elements.append(try write(element, depth: depth + 1, line: nil)) }
    writer.endArray()
    return lines
  }

  private mutating func write(_ mapping: Node.Mapping, depth: Int, line: Int) throws(InputError) -> SourceLines {
    var lines = SourceLines(line: line)
    writer.beginObject()
    for (key, value) in try members(mapping, depth: depth) {
      writer.name(key.string)
      lines.members[key.string] = try write(value, depth: depth + 1, line: key.mark?.line)
    }
    writer.endObject()
    return lines
  }

  /// The members with merge keys (`<<`, yaml.org/type/merge) followed: what the map itself says wins.
  private mutating func members(_ mapping: Node.Mapping, depth: Int) throws(InputError) -> [(Node.Scalar, Node)] {
    var own: [(Node.Scalar, Node)] = []
    var merged: [(Node.Scalar, Node)] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        throw InputError(file, line: key.mark?.line, "has a map key that is no text; Kubernetes knows only text")
      }
      if name.style == .plain, name.string == "<<" {
        merged += try merging(value, depth: depth)
      } else {
        own.append((name, value))
      }
    }
    guard !merged.isEmpty else { return own }
    var names = Set(own.map(\.0.string))
    return own + merged.filter { names.insert($0.0.string).inserted }
  }

  private mutating func merging(_ node: Node, depth: Int) throws(InputError) -> [(Node.Scalar, Node)] {
    values -= 1
    guard values >= 0, depth < ManifestLimits.depth else {
      throw InputError(file, line: node.mark?.line, "merges more than can be followed; write the values out")
    }
    switch node {
    case .mapping(let mapping):
      return try members(mapping, depth: depth + 1)
    case .sequence(let sequence):
      var all: [(Node.Scalar, Node)] = []
      for element in sequence { all += try merging(element, depth: depth + 1) }
      return all
    case .scalar, .alias:
      throw InputError(file, line: node.mark?.line, "merges (`<<`) something that is no map")
    }
  }

  private mutating func write(_ scalar: Node.Scalar, line: Int) throws(InputError) {
    let tag = scalar.tag.rawValue
    guard scalar.style == .plain || tag.hasSuffix(":int") || tag.hasSuffix(":bool"), tag != "!", !tag.hasSuffix(":str")
    else {
      return writer.string(scalar.string)
    }
    switch PlainScalar(scalar.string) {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .number(let text): writer.raw(text)
    case .string: writer.string(scalar.string)
    case .unwritable:
      throw InputError(
        file, line: line, "has the number \(scalar.string), which JSON cannot write; quote it to mean a text")
    }
  }
}
