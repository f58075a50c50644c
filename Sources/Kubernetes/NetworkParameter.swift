public import JSON

/// One parameter of a network: an entry of `networkConf`.
public struct NetworkParameter: Sendable, Hashable {
  /// The parameter's name.
  public let name: String
  /// The parameter's value.
  public let value: String

  /// Pairs a name with a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Reads a list of objects with `name` and `value`, either of which may be absent.
  ///
  /// `null` is a list without entries, as Go reads it. Answers nil for anything that is no such list.
  public static func list(_ json: JSONView?) -> [NetworkParameter]? {
    guard let json, !json.isNull else { return [] }
    guard json.isArray else { return nil }
    var list: [NetworkParameter] = []
    for entry in json.elements {
      guard entry.isObject, let name = text(entry["name"]), let value = text(entry["value"]) else { return nil }
      list.append(NetworkParameter(name, value))
    }
    return list
  }

  /// The text of a string; empty where it is absent or `null`, nil where it is something else.
  private static func text(_ json: JSONView?) -> String? {
    guard let json, !json.isNull else { return "" }
    return json.string
  }

  /// Reads the text of the annotation `game.kruise.io/network-conf`; nil where it is malformed.
  public static func parse(annotation: String) -> [NetworkParameter]? {
    guard let document = try? JSONDocument(annotation) else { return nil }
    return list(document.root)
  }
}
