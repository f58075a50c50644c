import Foundation
import JSON
import TestSupport
import Yams

/// A folder of manifests put together as `kubectl kustomize` does it, as far as the folders of `deploy/` go: resources, generated
/// ConfigMaps of files, and patches of RFC 6902 with a target.
struct Kustomization {
  /// Something that this composer does not know, or that does not fit.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The objects, in no particular order.
  let objects: [JSONValue]

  /// Puts a folder together.
  /// - Parameter folder: The path from the root of the repository.
  init(_ folder: String) throws {
    objects = try Self.compose("\(try BuiltProducts.repository())/\(folder)")
  }

  /// The objects of a kind.
  func all(_ kind: String) -> [JSONValue] { objects.filter { $0["kind"]?.string == kind } }

  /// The one object of a kind and name.
  func one(_ kind: String, _ name: String) throws -> JSONValue {
    let found = all(kind).filter { $0["metadata"]?["name"]?.string == name }
    guard found.count == 1, let object = found.first else {
      throw Failure(description: "\(found.count) objects are \(kind) \(name)")
    }
    return object
  }

  private static func compose(_ folder: String) throws -> [JSONValue] {
    let file = "\(folder)/kustomization.yaml"
    guard let root = try documents(file).first else { throw Failure(description: "\(file) is empty") }
    let known = ["apiVersion", "kind", "resources", "patches", "configMapGenerator", "generatorOptions"]
    for member in root.object?.members ?? [] where !known.contains(member.name) {
      throw Failure(description: "\(file): \(member.name) is not known here")
    }
    var objects: [JSONValue] = []
    for resource in root["resources"]?.array ?? [] {
      let path = "\(folder)/\(resource.string ?? "")"
      objects += path.hasSuffix(".yaml") ? try documents(path) : try compose(path)
    }
    for generator in root["configMapGenerator"]?.array ?? [] { objects.append(try configMap(generator, folder)) }
    for patch in root["patches"]?.array ?? [] { try apply(patch, to: &objects, folder) }
    return objects
  }

  private static func configMap(_ generator: JSONValue, _ folder: String) throws -> JSONValue {
    var data: JSONValue = [:]
    for file in generator["files"]?.array ?? [] {
      let name = file.string ?? ""
      data[name] = .string(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }
    let metadata: JSONValue = [
      "name": generator["name"] ?? .null, "namespace": generator["namespace"] ?? .null,
    ]
    return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data]
  }

  private static func apply(_ patch: JSONValue, to objects: inout [JSONValue], _ folder: String) throws {
    let path = "\(folder)/\(patch["path"]?.string ?? "")"
    guard let target = patch["target"], let operations = try documents(path).first else {
      throw Failure(description: "\(path): a patch without a target, or an empty one")
    }
    let changes = try JSONPatch(JSONDocument(Array(operations.text.utf8)).root)
    let hits = objects.indices.filter { matches(objects[$0], target) }
    guard !hits.isEmpty else { throw Failure(description: "\(path) patches nothing") }
    for index in hits { objects[index] = try changes.apply(to: objects[index]) }
  }

  private static func matches(_ object: JSONValue, _ target: JSONValue) -> Bool {
    let version = object["apiVersion"]?.string ?? ""
    let group = version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
    return [
      ("group", group), ("kind", object["kind"]?.string), ("name", object["metadata"]?["name"]?.string),
    ].allSatisfy { name, value in target[name].map { $0.string == value } ?? true }
  }

  /// The documents of a YAML file.
  static func documents(_ path: String) throws -> [JSONValue] {
    try documents(text: String(contentsOfFile: path, encoding: .utf8))
  }

  /// The documents of a YAML text.
  static func documents(text: String) throws -> [JSONValue] {
    try Yams.load_all(yaml: text).map { document in
      let data = try JSONSerialization.data(withJSONObject: document)
      return JSONValue(try JSONDocument([UInt8](data)).root)
    }
  }
}
