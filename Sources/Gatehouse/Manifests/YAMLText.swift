import JSON
import Yams

/// The documents of a YAML text as JSON, with the lines of their values.
enum YAMLText {
  /// One document.
  struct Document {
    let json: JSONDocument
    let lines: SourceLines
  }

  /// Reads all documents; empty ones are left out.
  ///
  /// - Throws: ``InputError`` for a text that is no YAML, is too large, or means something that JSON cannot write.
  static func documents(_ bytes: [UInt8], file: String) throws(InputError) -> [Document] {
    guard bytes.count <= ManifestLimits.yamlBytes else {
      throw InputError(
        file, "is longer than \(ManifestLimits.yamlBytes >> 20) MiB, the most that is read of one YAML file; split it")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = 1 + bytes.prefix(validLength(bytes)).count { $0 == UInt8(ascii: "\n") }
      throw InputError(file, line: line, "is no UTF-8 text here; YAML manifests have to be")
    }
    do {
      try AliasWeight.check(text, file: file)
      // Without rules and constructors of its own, so that no regular expression is ever built.
      let parser = try Parser(yaml: text, resolver: .basic, constructor: Constructor([:], [:], [:]), encoding: .utf8)
      var values = ManifestLimits.yamlValues
      var documents: [Document] = []
      while let root = try parser.nextRoot() {
        var converter = YAMLConverter(file: file, values: values)
        if let document = try converter.document(root) { documents.append(document) }
        values = converter.values
      }
      return documents
    } catch {
      throw InputError(error, file: file, text: text)
    }
  }

  /// How many bytes there are before the first that is no UTF-8.
  private static func validLength(_ bytes: [UInt8]) -> Int {
    var length = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
    return length
  }
}

extension InputError {
  /// Says in the same form what the YAML parser found.
  fileprivate init(_ error: any Error, file: String, text: String) {
    switch error {
    case let error as InputError:
      self = error
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(file, line: mark.line, "is no YAML here: \(problem) (column \(mark.column))")
    case YamlError.duplicatedKeysInMapping(let names, let context):
      self.init(
        file, line: context.mark.line, "has the key \(names.joined(separator: ", ")) twice in one map; keep one of them"
      )
    case YamlError.reader(let problem, let offset, _, _):
      let line = offset.map { 1 + text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } }
      self.init(file, line: line, "is no YAML here: \(problem)")
    default:
      self.init(file, "is no YAML: \(error)")
    }
  }
}
