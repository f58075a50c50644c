import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Server-side apply.
  static let apply: [SemanticsCase] = [
    SemanticsCase("an apply creates what is not there and names its manager") { context in
      let made = try await context.applyData(["a": "1"], "first")
      try expect(made.json["data"]?["a"]?.string, is: "1", "data")
      let managers = made.json["metadata"]?["managedFields"]?.elements.map { $0["manager"]?.string ?? "" } ?? []
      try expect(managers, is: ["first"], "managers")
    },
    SemanticsCase("an apply takes back what it no longer names") { context in
      try await context.applyData(["a": "1", "b": "2"], "first")
      let applied = try await context.applyData(["a": "1"], "first")
      try expect(JSONValue(applied.json)["data"] ?? .null, is: ["a": "1"], "data")
    },
    SemanticsCase("two managers keep each their own fields") { context in
      try await context.applyData(["a": "1"], "first")
      try await context.applyData(["b": "2"], "second")
      let applied = try await context.applyData(["a": "3"], "first")
      try expect(JSONValue(applied.json)["data"] ?? .null, is: ["a": "3", "b": "2"], "data")
    },
    SemanticsCase("another value for another's field is a conflict that names the field") { context in
      try await context.applyData(["a": "1"], "first")
      let error = try await expectFailure(.conflict, "apply") { () throws(KubernetesError) in
        try await context.applyData(["a": "2"], "second")
      }
      try expect(error.details?.causes.map(\.reason), is: ["FieldManagerConflict"], "reasons")
      try expect(error.details?.causes.map(\.field), is: [".data.a"], "fields")
      let read = try await context.client.get(.configMaps, context.key("one"))
      try expect(read.json["data"]?["a"]?.string, is: "1", "value")
    },
    SemanticsCase("force takes a field from another manager") { context in
      try await context.applyData(["a": "1"], "first")
      let forced = try await context.applyData(["a": "2"], "second", force: true)
      try expect(forced.json["data"]?["a"]?.string, is: "2", "value")
      // The first no longer owns it, so leaving it out takes nothing away.
      let left = try await context.applyData([:], "first")
      try expect(left.json["data"]?["a"]?.string, is: "2", "value after the first let go")
    },
    SemanticsCase("the same value is shared and stays until the last manager lets go") { context in
      try await context.applyData(["a": "1"], "first")
      try await context.applyData(["a": "1"], "second")
      let one = try await context.applyData([:], "first")
      try expect(one.json["data"]?["a"]?.string, is: "1", "value with one owner")
      let none = try await context.applyData([:], "second")
      try expect(none.json["data"]?["a"] == nil, "the value without owners is gone")
    },
    SemanticsCase("an apply over an update is a conflict with the updater") { context in
      try await context.applyData(["a": "1"], "first")
      try await context.client.patch(.configMaps, context.key("one"), .merge(["data": ["a": "2"]]))
      try await expectFailure(.conflict, "apply") { () throws(KubernetesError) in
        try await context.applyData(["a": "1"], "first")
      }
    },
    SemanticsCase("an apply that changes nothing leaves the version") { context in
      let first = try await context.applyData(["a": "1"], "first")
      let second = try await context.applyData(["a": "1"], "first")
      try expect(second.metadata.resourceVersion, is: first.metadata.resourceVersion, "version")
    },
    SemanticsCase("an apply merges lists by their keys") { context in
      func service(_ name: String, _ port: Int) -> JSONValue {
        [
          "apiVersion": "v1", "kind": "Service", "metadata": ["name": "one"],
          "spec": ["ports": [["name": .string(name), "port": .int(port), "protocol": "TCP"]]],
        ]
      }
      try await context.client.patch(
        .services, context.key("one"), .apply(service("a", 1), fieldManager: "first", force: false))
      let both = try await context.client.patch(
        .services, context.key("one"), .apply(service("b", 2), fieldManager: "second", force: false))
      let ports = both.json["spec"]?["ports"]?.elements.compactMap { $0["port"]?.int } ?? []
      try expect(ports.sorted(), is: [1, 2], "ports")
    },
  ]
}

extension SemanticsContext {
  /// Applies the data of the config map `one` as a manager.
  @discardableResult
  func applyData(
    _ data: [String: String], _ manager: String, force: Bool = false
  ) async throws(KubernetesError) -> KubernetesObject {
    let value: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "one"], "data": JSONValue(data),
    ]
    return try await client.patch(.configMaps, key("one"), .apply(value, fieldManager: manager, force: force))
  }
}
