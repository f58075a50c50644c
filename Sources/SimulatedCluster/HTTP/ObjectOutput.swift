import JSON
import Kubernetes

/// Writes objects, lists and watch events in the shape that a client wants.
struct ObjectOutput: Sendable {
  let form: OutputForm
  let definition: ResourceDefinition
  let now: Timestamp
  /// How much of an object accompanies its row: `Metadata`, `Object` or `None`.
  var rowObject = "Metadata"

  /// One object.
  func object(_ object: KubernetesObject) -> [UInt8] {
    var writer = JSONWriter()
    write(object, to: &writer, hasColumns: true)
    return writer.finish()
  }

  /// A list; `next` is the token of the page behind it.
  func list(_ objects: [KubernetesObject], version: Int, next: String? = nil, remaining: Int? = nil) -> [UInt8] {
    var metadata: JSONValue = ["resourceVersion": .string(String(version))]
    if let next { metadata["continue"] = .string(next) }
    if let remaining { metadata["remainingItemCount"] = .int(remaining) }
    var writer = JSONWriter()
    writer.beginObject()
    switch form {
    case .table:
      header(&writer, "Table", "meta.k8s.io/v1", metadata)
      writer.name("columnDefinitions")
      writer.value(TableView.columns(definition))
      writer.name("rows")
      writer.beginArray()
      for object in objects { writer.value(row(object)) }
    case .metadata:
      header(&writer, "PartialObjectMetadataList", "meta.k8s.io/v1", metadata)
      writer.name("items")
      writer.beginArray()
      for object in objects { writer.value(partial(object)) }
    case .object:
      header(&writer, definition.listKind, definition.resource.apiVersion, metadata)
      writer.name("items")
      writer.beginArray()
      for object in objects { item(object, to: &writer) }
    }
    writer.endArray()
    writer.endObject()
    return writer.finish()
  }

  /// A line of a watch.
  func event(_ type: String, _ object: KubernetesObject, hasColumns: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("type")
    writer.string(type)
    writer.name("object")
    write(object, to: &writer, hasColumns: hasColumns)
    writer.endObject()
    return writer.finish() + [UInt8(ascii: "\n")]
  }

  /// A line that moves a watch to a version and says nothing else.
  func bookmark(_ version: Int) -> [UInt8] {
    let metadata: JSONValue = ["resourceVersion": .string(String(version)), "creationTimestamp": nil]
    var object: JSONValue = [
      "kind": .string(definition.resource.kind), "apiVersion": .string(definition.resource.apiVersion),
      "metadata": metadata,
    ]
    if form == .table {
      object = [
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": ["resourceVersion": .string(String(version))],
        "columnDefinitions": nil, "rows": [],
      ]
    }
    return JSONValue.object(["type": "BOOKMARK", "object": object]).bytes + [UInt8(ascii: "\n")]
  }

  private func header(_ writer: inout JSONWriter, _ kind: String, _ apiVersion: String, _ metadata: JSONValue) {
    writer.name("kind")
    writer.string(kind)
    writer.name("apiVersion")
    writer.string(apiVersion)
    writer.name("metadata")
    writer.value(metadata)
  }

  private func write(_ object: KubernetesObject, to writer: inout JSONWriter, hasColumns: Bool) {
    switch form {
    case .object: writer.view(object.json)
    case .metadata: writer.value(partial(object))
    case .table:
      let version = JSONValue.string(object.metadata.resourceVersion)
      writer.value([
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": ["resourceVersion": version],
        "columnDefinitions": hasColumns ? TableView.columns(definition) : .null, "rows": [row(object)],
      ])
    }
  }

  /// An element of a list: objects of built-in kinds leave out what the list says for all.
  private func item(_ object: KubernetesObject, to writer: inout JSONWriter) {
    guard !definition.isCustom else { return writer.view(object.json) }
    writer.beginObject()
    for member in object.json.members {
      let name = member.name
      guard name != "kind", name != "apiVersion" else { continue }
      writer.name(name)
      writer.view(member.value)
    }
    writer.endObject()
  }

  private func row(_ object: KubernetesObject) -> JSONValue {
    var row: JSONValue = ["cells": .array(TableView.cells(object, definition, now))]
    switch rowObject {
    case "None": break
    case "Object": row["object"] = JSONValue(object.json)
    default: row["object"] = partial(object)
    }
    return row
  }

  private func partial(_ object: KubernetesObject) -> JSONValue {
    [
      "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
      "metadata": object.metadata.json.map(JSONValue.init) ?? .object(JSONObject()),
    ]
  }
}
