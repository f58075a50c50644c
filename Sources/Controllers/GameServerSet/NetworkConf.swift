import JSON
import Kubernetes

/// The text form of network parameters in the pod annotation `game.kruise.io/network-conf`.
///
/// The text is part of the pod template, so one byte of difference is a new revision and a roll-out.
enum NetworkConf {
  /// A compact array of objects with `name` and `value`, each left out where it is empty, with the escapes of Go's encoder.
  static func text(_ parameters: [NetworkParameter]) -> String {
    var writer = JSONWriter(escaping: .go)
    writer.beginArray()
    for parameter in parameters {
      writer.beginObject()
      if !parameter.name.isEmpty {
        writer.name("name")
        writer.string(parameter.name)
      }
      if !parameter.value.isEmpty {
        writer.name("value")
        writer.string(parameter.value)
      }
      writer.endObject()
    }
    writer.endArray()
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
