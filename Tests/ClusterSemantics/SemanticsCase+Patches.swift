import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// The patches that merge: JSON patch, merge patch and strategic merge patch.
  static let patches: [SemanticsCase] = [
    SemanticsCase("a JSON patch changes what it names") { context in
      try await context.createConfigMap("one", ["a": "1", "b": "2"])
      let patched = try await context.client.patch(
        .configMaps, context.key("one"),
        .json(
          JSONPatch([
            .test(JSONPointer(["data", "a"]), "1"), .replace(JSONPointer(["data", "a"]), "3"),
            .remove(JSONPointer(["data", "b"])), .add(JSONPointer(["metadata", "annotations"]), ["x/y": "z"]),
          ])))
      try expect(JSONValue(patched.json)["data"] ?? .null, is: ["a": "3"], "data")
      try expect(patched.metadata.annotations["x/y"], is: "z", "annotation")
    },
    SemanticsCase("a JSON patch whose test fails changes nothing") { context in
      let made = try await context.createConfigMap("one", ["a": "1"])
      try await expectFailure(.invalid, "patch") { () throws(KubernetesError) in
        try await context.client.patch(
          .configMaps, context.key("one"),
          .json(JSONPatch([.test(JSONPointer(["data", "a"]), "2"), .remove(JSONPointer(["data", "a"]))])))
      }
      let read = try await context.client.get(.configMaps, context.key("one"))
      try expect(read.metadata.resourceVersion, is: made.metadata.resourceVersion, "version")
    },
    SemanticsCase("a merge patch sets, and removes with null") { context in
      try await context.createConfigMap("one", ["a": "1", "b": "2"])
      let patched = try await context.client.patch(
        .configMaps, context.key("one"), .merge(["data": ["b": nil, "c": "3"]]))
      try expect(JSONValue(patched.json)["data"] ?? .null, is: ["a": "1", "c": "3"], "data")
    },
    SemanticsCase("a merge patch with an old version is a conflict") { context in
      let made = try await context.createConfigMap("one")
      let version = JSONValue.string(made.metadata.resourceVersion)
      let patch = JSONValue.object(["metadata": ["resourceVersion": version], "data": ["a": "1"]])
      try await context.client.patch(.configMaps, context.key("one"), .merge(patch))
      let second = JSONValue.object(["metadata": ["resourceVersion": version], "data": ["a": "2"]])
      try await expectFailure(.conflict, "second patch") { () throws(KubernetesError) in
        try await context.client.patch(.configMaps, context.key("one"), .merge(second))
      }
    },
    SemanticsCase("a strategic merge patch finds containers by name") { context in
      try await context.createPod("one", containers: ["game": "a:1", "side": "b:1"])
      let patched = try await context.client.patch(
        .pods, context.key("one"),
        .strategicMerge(["spec": ["containers": [["name": "side", "image": "b:2"]]]]))
      let images = patched.as(Pod.self).containers.map(\.image)
      try expect(images, is: ["a:1", "b:2"], "images")
    },
    SemanticsCase("a merge patch replaces a list as a whole") { context in
      try await context.createConfigMap("one")
      try await context.client.patch(
        .configMaps, context.key("one"), .merge(["metadata": ["finalizers": ["a/b", "a/c"]]]))
      let patched = try await context.client.patch(
        .configMaps, context.key("one"), .merge(["metadata": ["finalizers": ["a/c"]]]))
      try expect(patched.metadata.finalizers, is: ["a/c"], "finalizers")
      try await context.client.patch(.configMaps, context.key("one"), .merge(["metadata": ["finalizers": nil]]))
    },
    SemanticsCase("a patch of what must not change is refused with its field") { context in
      try await context.createPod("one")
      let error = try await expectFailure(.invalid, "patch") { () throws(KubernetesError) in
        try await context.client.patch(
          .pods, context.key("one"), .merge(["spec": ["nodeSelector": ["disk": "fast"]]]))
      }
      try expect(error.details?.causes.first?.field, is: "spec", "field")
    },
    SemanticsCase("a patch of what is not there is not found") { context in
      for patch in [ObjectPatch.json(JSONPatch()), .merge([:]), .strategicMerge([:])] {
        try await expectFailure(.notFound, "patch") { () throws(KubernetesError) in
          try await context.client.patch(.configMaps, context.key("none"), patch)
        }
      }
    },
  ]
}

extension SemanticsContext {
  /// A pod that no kubelet will ever touch.
  func pod(
    _ name: String, containers: KeyValuePairs<String, String> = ["game": "a:1"], node: String? = nil,
    labels: [String: String] = [:]
  ) -> JSONValue {
    var spec: JSONValue = [
      "containers": .array(containers.map { ["name": .string($0.key), "image": .string($0.value)] }),
      "automountServiceAccountToken": false,
    ]
    spec["nodeName"] = node.map { .string($0) }
    return ["metadata": ["name": .string(name), "labels": JSONValue(labels)], "spec": spec]
  }

  /// Creates a pod.
  @discardableResult
  func createPod(
    _ name: String, containers: KeyValuePairs<String, String> = ["game": "a:1"], node: String? = nil,
    labels: [String: String] = [:]
  ) async throws -> Pod {
    let value = pod(name, containers: containers, node: node, labels: labels)
    return try await client.create(.pods, namespace: namespace, value).as(Pod.self)
  }
}
