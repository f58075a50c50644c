import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Custom resources: schema, defaults, generation, and the status and scale subresources.
  static let customResources: [SemanticsCase] = [
    SemanticsCase("a custom resource is defaulted, and unknown fields are pruned") { context in
      try await context.withWidgets { widgets in
        let made = try await widgets.create(["size": 3, "unknown": "x", "free": ["any": "thing"]])
        let spec = try require(made.json["spec"])
        try expect(spec["mode"]?.string, is: "plain", "default")
        try expect(spec["replicas"]?.int, is: 1, "default of a number")
        try expect(spec["unknown"] == nil, "an unknown field is gone")
        try expect(spec["free"]?["any"]?.string, is: "thing", "a preserved field")
      }
    },
    SemanticsCase("a custom resource that breaks its schema is refused with the field") { context in
      try await context.withWidgets { widgets in
        let cases: [(JSONValue, String)] = [
          (["mode": "plain"], "spec.size"), (["size": "three"], "spec.size"),
          (["size": 3, "mode": "odd"], "spec.mode"),
          (["size": 0], "spec.size"), (["size": 3, "name": "UPPER"], "spec.name"),
        ]
        for (spec, field) in cases {
          let error = try await expectFailure(.invalid, "\(spec)") { () throws(KubernetesError) in
            try await widgets.create(spec)
          }
          try expect(error.details?.causes.contains { $0.field == field } ?? false, "\(field) in \(error)")
        }
        try await widgets.create(["size": 3, "percent": "10%"])
        try await widgets.client.patch(widgets.resource, widgets.key, .merge(["spec": ["percent": 10]]))
      }
    },
    SemanticsCase("the generation counts changes of the specification alone") { context in
      try await context.withWidgets { widgets in
        let made = try await widgets.create(["size": 3])
        try expect(made.metadata.generation, is: 1, "at creation")
        let labelled = try await widgets.patch(["metadata": ["labels": ["a": "b"]]])
        try expect(labelled.metadata.generation, is: 1, "after a label")
        let status = try await widgets.patch(["status": ["replicas": 1]], subresource: "status")
        try expect(status.metadata.generation, is: 1, "after a status")
        let changed = try await widgets.patch(["spec": ["size": 4]])
        try expect(changed.metadata.generation, is: 2, "after a change")
      }
    },
    SemanticsCase("status and specification are changed each through its own path") { context in
      try await context.withWidgets { widgets in
        let made = try await widgets.create(["size": 3], status: ["replicas": 7])
        try expect(made.json["status"]?["replicas"] == nil, "a status at creation is dropped")
        let both = JSONValue.object(["spec": ["size": 9], "status": ["replicas": 7]])
        let main = try await widgets.patch(both)
        try expect(main.json["status"]?["replicas"] == nil, "the object's path leaves the status")
        try expect(main.json["spec"]?["size"]?.int, is: 9, "the object's path changes the specification")
        let other = JSONValue.object(["spec": ["size": 1], "status": ["replicas": 7]])
        let status = try await widgets.patch(other, subresource: "status")
        try expect(status.json["status"]?["replicas"]?.int, is: 7, "the status' path changes the status")
        try expect(status.json["spec"]?["size"]?.int, is: 9, "the status' path leaves the specification")
      }
    },
    SemanticsCase("a status that nobody has written is the default of the schema") { context in
      try await context.withWidgets { widgets in
        try await widgets.create(["size": 3], status: ["phase": "Mine", "replicas": 7])
        let read = try await widgets.client.get(widgets.resource, widgets.key)
        try expect(read.json["status"]?["phase"]?.string, is: "New", "when it is read")
        try expect(read.json["status"]?["replicas"] == nil, "a status at creation is dropped")
        let page = try await widgets.client.page(
          widgets.resource, ObjectSelection(namespace: widgets.key.namespace))
        try expect(page.items.first?["status"]?["phase"]?.string, is: "New", "when it is listed")
        let written = try await widgets.patch(["status": ["replicas": 1]], subresource: "status")
        try expect(written.json["status"]?["phase"]?.string, is: "New", "beside what is written")
        let own = try await widgets.patch(["status": ["phase": "Old"]], subresource: "status")
        try expect(own.json["status"]?["phase"]?.string, is: "Old", "until it is written")
      }
    },
    SemanticsCase("the scale subresource reads and sets the replicas") { context in
      try await context.withWidgets { widgets in
        try await widgets.create(["size": 3, "replicas": 2])
        try await widgets.patch(["status": ["replicas": 1, "selector": "a=b"]], subresource: "status")
        let scale = try await widgets.client.get(widgets.resource, widgets.key, subresource: "scale")
        try expect(scale.kind, is: "Scale", "kind")
        try expect(scale.json["spec"]?["replicas"]?.int, is: 2, "wanted")
        try expect(scale.json["status"]?["replicas"]?.int, is: 1, "there")
        try expect(scale.json["status"]?["selector"]?.string, is: "a=b", "selector")
        var value = JSONValue(scale.json)
        value["spec"] = ["replicas": 5]
        try await widgets.client.update(widgets.resource, widgets.key, subresource: "scale", value)
        try await widgets.patch(["spec": ["replicas": 6]], subresource: "scale")
        let widget = try await widgets.client.get(widgets.resource, widgets.key)
        try expect(widget.json["spec"]?["replicas"]?.int, is: 6, "replicas")
        try expect(widget.metadata.generation, is: 3, "generation")
      }
    },
    SemanticsCase("a strategic merge patch of a custom resource is not supported") { context in
      try await context.withWidgets { widgets in
        try await widgets.create(["size": 3])
        try await expectFailure(.unsupportedMediaType, "patch") { () throws(KubernetesError) in
          try await widgets.client.patch(widgets.resource, widgets.key, .strategicMerge(["spec": ["size": 4]]))
        }
      }
    },
    SemanticsCase("a custom resource can be applied") { context in
      try await context.withWidgets { widgets in
        func value(_ spec: JSONValue) -> JSONValue {
          [
            "apiVersion": .string(widgets.resource.apiVersion), "kind": "Widget", "metadata": ["name": "one"],
            "spec": spec,
          ]
        }
        try await widgets.client.patch(
          widgets.resource, widgets.key, .apply(value(["size": 3, "name": "x"]), fieldManager: "m", force: false))
        let second = try await widgets.client.patch(
          widgets.resource, widgets.key, .apply(value(["size": 4]), fieldManager: "m", force: false))
        try expect(second.json["spec"]?["size"]?.int, is: 4, "size")
        try expect(second.json["spec"]?["name"] == nil, "what is no longer applied is gone")
      }
    },
  ]
}
