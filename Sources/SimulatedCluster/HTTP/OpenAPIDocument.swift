import JSON
import Kubernetes

/// The OpenAPI document of version 2, as little of it as makes `kubectl` work.
///
/// Without definitions `kubectl` checks nothing itself and leaves that to the server. The paths say which kinds can be changed in a dry
/// run, which `kubectl apply --dry-run=server` wants to see before it asks.
struct OpenAPIDocument: Sendable {
  let definitions: [ResourceDefinition]

  /// The document as JSON.
  var json: JSONValue {
    var paths = JSONObject()
    for definition in definitions {
      let resource = definition.resource
      paths[resource.path(namespace: "{namespace}", name: "{name}")] = [
        "patch": [
          "parameters": .array(
            Self.parameters.map { ["name": .string($0), "in": "query", "type": "string", "uniqueItems": true] }),
          "responses": .object(JSONObject()), "x-kubernetes-action": "patch",
          "x-kubernetes-group-version-kind": [
            "group": .string(resource.group), "kind": .string(resource.kind), "version": .string(resource.version),
          ],
        ]
      ]
    }
    return [
      "swagger": "2.0", "info": ["title": "Simulated Kubernetes", "version": "v1.33.0"], "paths": .object(paths),
      "definitions": .object(JSONObject()),
    ]
  }

  private static let parameters = ["dryRun", "fieldManager", "force"]

  /// The document as the message `openapi.v2.Document` of gnostic.
  var protobuf: [UInt8] {
    var paths = ProtobufMessage()
    for definition in definitions {
      let resource = definition.resource
      var operation = ProtobufMessage()
      for name in Self.parameters {
        // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema.
        let schema = ProtobufMessage {
          $0.add(2, "query"); $0.add(4, name); $0.add(6, "string")
        }
        operation.add(
          8, ProtobufMessage { $0.add(1, ProtobufMessage { $0.add(2, ProtobufMessage { $0.add(3, schema) }) }) })
      }
      let kind = "group: \"\(resource.group)\"\nkind: \(resource.kind)\nversion: \(resource.version)\n"
      operation.add(
        13,
        ProtobufMessage {
          $0.add(1, "x-kubernetes-group-version-kind")
          $0.add(2, ProtobufMessage { $0.add(2, kind) })
        })
      paths.add(
        2,
        ProtobufMessage {
          $0.add(1, resource.path(namespace: "{namespace}", name: "{name}"))
          $0.add(2, ProtobufMessage { $0.add(8, operation) })
        })
    }
    var document = ProtobufMessage()
    document.add(1, "2.0")
    document.add(
      2,
      ProtobufMessage {
        $0.add(1, "Simulated Kubernetes"); $0.add(2, "v1.33.0")
      })
    document.add(8, paths)
    return document.bytes
  }
}

/// A protobuf message of texts and messages, written field by field (wire type 2 of the encoding's specification).
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }
  mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func add(_ field: Int, _ content: [UInt8]) {
    append(number: field << 3 | 2)
    append(number: content.count)
    bytes += content
  }

  /// A number in groups of seven bits, the lowest first.
  private mutating func append(number: Int) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
