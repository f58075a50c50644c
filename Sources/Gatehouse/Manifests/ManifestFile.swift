import JSON
import Kubernetes

/// Reads the objects of one file: YAML or JSON, one document or many, lists taken apart.
struct ManifestFile {
  /// The namespace of an object that names none, as `kubectl` without `-n` takes it.
  static let defaultNamespace = "default"

  private let file: String

  /// Reads a file, or standard input for `-`.
  ///
  /// - Throws: ``InputError`` that names the file, the line and what would be right.
  static func load(_ path: String) throws(InputError) -> [Manifest] {
    let bytes = try FileText.read(path)
    return try parse(bytes, file: path == "-" ? FileText.standardInput : path)
  }

  /// Reads the text of a file; one that is named `.json` has to be JSON, any other is JSON where it starts with a brace.
  static func parse(_ bytes: [UInt8], file: String) throws(InputError) -> [Manifest] {
    let reader = ManifestFile(file: file)
    let bytes = Array(withoutByteOrderMark(bytes))
    guard file.hasSuffix(".json") || (!isYAML(file) && startsWithBrace(bytes)) else { return try reader.yaml(bytes) }
    do {
      let document = try reader.json(bytes)
      return try reader.manifests(document.root, reader.lines(of: document.root, in: bytes))
    } catch {
      // YAML may start with a brace too; where it is none either, what JSON says is the better help.
      guard !file.hasSuffix(".json"), let manifests = try? reader.yaml(bytes) else { throw error }
      return manifests
    }
  }

  private func yaml(_ bytes: [UInt8]) throws(InputError) -> [Manifest] {
    var all: [Manifest] = []
    for document in try YAMLText.documents(bytes, file: file) {
      all += try manifests(document.json.root, document.lines)
    }
    return all
  }

  /// RFC 8259, section 8.1: a reader may ignore the mark that some editors put in front.
  private static func withoutByteOrderMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  }

  private static func isYAML(_ file: String) -> Bool { file.hasSuffix(".yaml") || file.hasSuffix(".yml") }

  private static func startsWithBrace(_ bytes: [UInt8]) -> Bool {
    bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
  }

  private func json(_ bytes: [UInt8]) throws(InputError) -> JSONDocument {
    do {
      return try JSONDocument(bytes)
    } catch {
      let line = 1 + bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
      throw InputError(file, line: line, "\(error)")
    }
  }

  /// The root's own line is counted from the start of the file, the others from the root.
  private func lines(of root: JSONView, in bytes: [UInt8]) -> SourceLines {
    SourceLines(root, firstLine: 1 + bytes.prefix(root.textRange.lowerBound).count { $0 == UInt8(ascii: "\n") })
  }

  /// The object of a document, or those of a list.
  private func manifests(_ view: JSONView, _ lines: SourceLines) throws(InputError) -> [Manifest] {
    guard view.isObject else {
      throw InputError(file, line: lines.line, "holds a \(view.kind) where an object with apiVersion and kind belongs")
    }
    let apiVersion = try text("apiVersion", of: view, lines)
    let kind = try text("kind", of: view, lines)
    guard kind.hasSuffix("List"), let items = view["items"], items.isArray else {
      return [try manifest(view, lines, kind: kind)]
    }
    var all: [Manifest] = []
    for (position, item) in items.elements.enumerated() {
      let places = lines.members["items"]?.elements
      let place = places.flatMap { $0.indices.contains(position) ? $0[position] : nil } ?? lines
      let typed =
        kind == "List" ? item : adding(["apiVersion": apiVersion, "kind": String(kind.dropLast(4))], to: item)
      all += try manifests(typed, place)
    }
    return all
  }

  private func text(_ field: String, of view: JSONView, _ lines: SourceLines) throws(InputError) -> String {
    guard let text = view[field]?.string, !text.isEmpty else {
      throw InputError(
        file, line: lines.line,
        "has no \(field); every object starts with apiVersion and kind, like `kind: GameServerSet`")
    }
    return text
  }

  private func manifest(_ view: JSONView, _ lines: SourceLines, kind: String) throws(InputError) -> Manifest {
    let plain = Manifest(object: KubernetesObject(view), file: file, lines: lines)
    guard let resource = plain.resource else { return plain }
    guard !plain.object.name.isEmpty || !plain.object.metadata.generateName.isEmpty else {
      throw InputError(file, line: lines.line, "has a \(kind) without metadata.name; give it one")
    }
    guard resource.isNamespaced, plain.object.namespace.isEmpty else { return plain }
    var value = JSONValue(view)
    value["metadata"]?["namespace"] = .string(ManifestFile.defaultNamespace)
    return Manifest(object: KubernetesObject(value), file: file, lines: lines)
  }

  /// The items of a typed list do not repeat their type.
  private func adding(_ fields: [String: String], to item: JSONView) -> JSONView {
    guard item.isObject else { return item }
    var value = JSONValue(item)
    for (name, text) in fields where value[name] == nil { value[name] = .string(text) }
    return KubernetesObject(value).json
  }
}
