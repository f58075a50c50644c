import JSON
import Kubernetes

/// The text form of network parameters in the pod annotation `game.kruise.io/network-conf`.
///
/// The text is part of the pod template, so one byte of difference is a new revision and a roll-out.
enum NetworkConf {
  /// A compact array of objects with `name` and `value`, each left out where it is empty, with the escapes of Go's encoder.
  static func text(_ parameters: [NetworkParameter]) -> String {
    var text = "["
    for (place, parameter) in parameters.enumerated() {
      if place > 0 { text += "," }
      var fields: [String] = []
      if !parameter.name.isEmpty { fields.append("\"name\":" + quoted(parameter.name)) }
      if !parameter.value.isEmpty { fields.append("\"value\":" + quoted(parameter.value)) }
      text += "{" + fields.joined(separator: ",") + "}"
    }
    return text + "]"
  }

  /// A string with the escapes that Go's `encoding/json` writes: those of RFC 8259, and those that keep HTML and JavaScript safe.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{08}": quoted += "\\b"
      case "\u{0C}": quoted += "\\f"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{00}"..."\u{1F}": quoted += unicodeEscape(scalar)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func unicodeEscape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
