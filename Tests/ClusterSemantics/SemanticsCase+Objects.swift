import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Creation, reading, replacement, and what the server writes into every object.
  static let objects: [SemanticsCase] = [
    SemanticsCase("a created object has a uid, a version, a time and its namespace") { context in
      let made = try await context.createConfigMap("one", ["a": "1"])
      try expect(made.metadata.uid.utf8.count, is: 36, "length of the uid")
      try expect(!made.metadata.resourceVersion.isEmpty, "the version is set")
      try expect(made.metadata.creationTimestamp.hasSuffix("Z"), "the time is set")
      try expect(made.namespace, is: context.namespace, "namespace")
      try expect(made.kind, is: "ConfigMap", "kind")
      let read = try await context.client.get(.configMaps, context.key("one"))
      try expect(JSONValue(read.json) == JSONValue(made.json), "what is read is what was created")
    },
    SemanticsCase("a second creation under the same name is refused as existing") { context in
      try await context.createConfigMap("one")
      let error = try await expectFailure(.alreadyExists, "second creation") { () throws(KubernetesError) in
        try await context.client.create(.configMaps, namespace: context.namespace, context.configMap("one"))
      }
      try expect(error.status, is: 409, "status")
      try expect(error.details?.name, is: "one", "the name in the details")
    },
    SemanticsCase("a generated name begins with its prefix") { context in
      let made = try await context.client.create(
        .configMaps, namespace: context.namespace, ["metadata": ["generateName": "prefix-"]])
      try expect(made.name.hasPrefix("prefix-") && made.name.count == 12, "the name \(made.name)")
    },
    SemanticsCase("what is not there is not found") { context in
      try await expectFailure(.notFound, "get") { () throws(KubernetesError) in
        _ = try await context.client.get(.configMaps, context.key("none"))
      }
      try await expectFailure(.notFound, "update") { () throws(KubernetesError) in
        try await context.client.update(.configMaps, context.key("none"), context.configMap("none"))
      }
      try await expectFailure(.notFound, "delete") { () throws(KubernetesError) in
        try await context.client.delete(.configMaps, context.key("none"))
      }
      try await expectFailure(.notFound, "a namespace that is not there") { () throws(KubernetesError) in
        try await context.client.create(.configMaps, namespace: "no-such-namespace", context.configMap("none"))
      }
    },
    SemanticsCase("an invalid name is refused with the field's path") { context in
      let error = try await expectFailure(.invalid, "creation") { () throws(KubernetesError) in
        try await context.client.create(.configMaps, namespace: context.namespace, context.configMap("Not_A_Name"))
      }
      try expect(error.status, is: 422, "status")
      try expect(error.details?.causes.first?.field, is: "metadata.name", "field")
    },
    SemanticsCase("an update with an old version is a conflict, one without a version is not") { context in
      let made = try await context.createConfigMap("one", ["a": "1"])
      var value = JSONValue(made.json)
      value["data"] = ["a": "2"]
      let changed = try await context.client.update(.configMaps, context.key("one"), value)
      try expect(changed.metadata.resourceVersion != made.metadata.resourceVersion, "the version changes")
      try expect(changed.metadata.uid, is: made.metadata.uid, "uid")
      value["data"] = ["a": "3"]
      try await expectFailure(.conflict, "update of an old version") { () throws(KubernetesError) in
        try await context.client.update(.configMaps, context.key("one"), value)
      }
      value["metadata"]?["resourceVersion"] = nil
      let forced = try await context.client.update(.configMaps, context.key("one"), value)
      try expect(forced.json["data"]?["a"]?.string, is: "3", "data")
    },
    SemanticsCase("an update that changes nothing leaves the version") { context in
      let made = try await context.createConfigMap("one", ["a": "1"])
      let same = try await context.client.update(.configMaps, context.key("one"), JSONValue(made.json))
      try expect(same.metadata.resourceVersion, is: made.metadata.resourceVersion, "version")
    },
    SemanticsCase("a uid cannot be changed") { context in
      var value = JSONValue(try await context.createConfigMap("one").json)
      value["metadata"]?["uid"] = "00000000-0000-0000-0000-000000000000"
      try await expectFailure(.conflict, "update with another uid") { () throws(KubernetesError) in
        try await context.client.update(.configMaps, context.key("one"), value)
      }
    },
    SemanticsCase("an object that is deleted and made again has another uid") { context in
      let first = try await context.createConfigMap("one")
      try await context.client.delete(.configMaps, context.key("one"))
      let second = try await context.createConfigMap("one")
      try expect(first.metadata.uid != second.metadata.uid, "the uid differs")
    },
    SemanticsCase("a dry run answers as if and stores nothing") { context in
      let made = try await context.client.create(
        .configMaps, namespace: context.namespace, context.configMap("one", ["a": "1"]), isDryRun: true)
      try expect(made.json["data"]?["a"]?.string, is: "1", "answer of the creation")
      try expect(try await context.isGone(.configMaps, context.key("one")), "nothing was created")
      let stored = try await context.createConfigMap("one", ["a": "1"])
      let patched = try await context.client.patch(
        .configMaps, context.key("one"), subresource: nil, .merge(["data": ["a": "2"]]), isDryRun: true)
      try expect(patched.json["data"]?["a"]?.string, is: "2", "answer of the patch")
      let read = try await context.client.get(.configMaps, context.key("one"))
      try expect(read.metadata.resourceVersion, is: stored.metadata.resourceVersion, "version")
    },
  ]
}
