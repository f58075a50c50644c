import JSON

extension NetworkParameter {
  /// The text of the annotation `game.kruise.io/network-conf`, byte for byte as Go writes it.
  ///
  /// The text is part of a pod template, where one other byte would make a new revision and roll every server out again: no spaces, `name`
  /// before `value`, either left out where it is empty, `null` for an absent list.
  public static func annotation(_ list: [NetworkParameter]?) -> String {
    guard let list else { return "null" }
    var writer = JSONWriter(escaping: .go)
    writer.beginArray()
    for parameter in list {
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
