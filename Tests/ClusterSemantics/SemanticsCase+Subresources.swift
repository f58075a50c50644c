import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// The subresources of pods.
  static let subresources: [SemanticsCase] = [
    SemanticsCase("a pod's status is changed through its subresource only") { context in
      try await context.createPod("one")
      let through = try await context.client.patch(
        .pods, context.key("one"), subresource: "status",
        .merge(["metadata": ["labels": ["a": "b"]], "status": ["phase": "Running", "podIP": "10.0.0.1"]]))
      try expect(through.as(Pod.self).phase, is: "Running", "phase")
      let past = try await context.client.patch(
        .pods, context.key("one"), .merge(["status": ["phase": "Failed"]]))
      try expect(past.as(Pod.self).phase, is: "Running", "phase after a patch of the object itself")
    },
    SemanticsCase("a strategic merge patch finds conditions by type") { context in
      try await context.createPod("one")
      func condition(_ type: String, _ status: String) -> JSONValue {
        ["status": ["conditions": [["type": .string(type), "status": .string(status)]]]]
      }
      for (type, status) in [("Ready", "False"), ("Other", "True"), ("Ready", "True")] {
        try await context.client.patch(
          .pods, context.key("one"), subresource: "status", .strategicMerge(condition(type, status)))
      }
      let pod = try await context.client.get(.pods, context.key("one")).as(Pod.self)
      try expect(pod.condition("Ready")?.status, is: "True", "the condition that was changed")
      try expect(pod.condition("Other")?.status, is: "True", "the condition that was left")
    },
    SemanticsCase("a pod is bound to a node once") { context in
      try await context.createPod("one")
      try await context.client.create(.pods, context.key("one"), subresource: "binding", binding("one", "n1"))
      let pod = try await context.client.get(.pods, context.key("one")).as(Pod.self)
      try expect(pod.nodeName, is: "n1", "node")
      try await expectFailure(.conflict, "second binding") { () throws(KubernetesError) in
        try await context.client.create(.pods, context.key("one"), subresource: "binding", binding("one", "n2"))
      }
    },
    SemanticsCase("an eviction deletes a pod that no budget protects") { context in
      try await context.createPod("one")
      let eviction: JSONValue = [
        "apiVersion": "policy/v1beta1", "kind": "Eviction",
        "metadata": ["name": "one", "namespace": .string(context.namespace)],
      ]
      try await context.client.create(.pods, context.key("one"), subresource: "eviction", eviction)
      try expect(try await context.isGone(.pods, context.key("one")), "the pod is gone")
    },
    SemanticsCase("a subresource that a kind does not have is not found") { context in
      try await context.createConfigMap("one")
      try await expectFailure(.notFound, "status of a config map") { () throws(KubernetesError) in
        _ = try await context.client.get(.configMaps, context.key("one"), subresource: "status")
      }
    },
  ]

  private static func binding(_ pod: String, _ node: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod)],
      "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
    ]
  }
}
