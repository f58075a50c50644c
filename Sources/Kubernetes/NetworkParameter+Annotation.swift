extension NetworkParameter {
  /// The text of the annotation `game.kruise.io/network-conf`, byte for byte as Go writes it.
  ///
  /// The text is part of a pod template, where one other byte would make a new revision and roll every server out again: no spaces, `name`
  /// before `value`, either left out where it is empty, `null` for an absent list.
  public static func annotation(_ list: [NetworkParameter]?) -> String {
    guard let list else { return "null" }
    var text = "["
    for (place, parameter) in list.enumerated() {
      if place > 0 { text += "," }
      text += "{"
      if !parameter.name.isEmpty { text += "\"name\":" + quoted(parameter.name) }
      if !parameter.name.isEmpty, !parameter.value.isEmpty { text += "," }
      if !parameter.value.isEmpty { text += "\"value\":" + quoted(parameter.value) }
      text += "}"
    }
    return text + "]"
  }

  /// A string as Go's `encoding/json` writes it: also `<`, `>`, `&` and the two line separators of Unicode are escaped.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
