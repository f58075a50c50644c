import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Deletion: preconditions, finalizers, grace and what becomes of dependents.
  static let deletion: [SemanticsCase] = [
    SemanticsCase("a finalizer keeps a deleted object until it is taken away") { context in
      var value = context.configMap("one")
      value["metadata"]?["finalizers"] = ["gatehouse.test/hold"]
      try await context.client.create(.configMaps, namespace: context.namespace, value)
      try await context.client.delete(.configMaps, context.key("one"))
      let held = try await context.client.get(.configMaps, context.key("one"))
      try expect(held.metadata.isBeingDeleted, "it is being deleted")
      // A second deletion changes nothing.
      try await context.client.delete(.configMaps, context.key("one"))
      let again = try await context.client.get(.configMaps, context.key("one"))
      try expect(again.metadata.deletionTimestamp, is: held.metadata.deletionTimestamp, "time of the deletion")
      try await context.client.patch(.configMaps, context.key("one"), .merge(["metadata": ["finalizers": nil]]))
      try expect(try await context.isGone(.configMaps, context.key("one")), "it is gone without finalizers")
    },
    SemanticsCase("no finalizer can be added while an object is being deleted") { context in
      var value = context.configMap("one")
      value["metadata"]?["finalizers"] = ["gatehouse.test/hold"]
      try await context.client.create(.configMaps, namespace: context.namespace, value)
      try await context.client.delete(.configMaps, context.key("one"))
      let more: JSONValue = ["metadata": ["finalizers": ["gatehouse.test/hold", "gatehouse.test/more"]]]
      try await expectFailure(.invalid, "patch") { () throws(KubernetesError) in
        try await context.client.patch(.configMaps, context.key("one"), .merge(more))
      }
      try await context.client.patch(.configMaps, context.key("one"), .merge(["metadata": ["finalizers": nil]]))
    },
    SemanticsCase("a deletion of another object of that name, or of an older version, is a conflict") { context in
      let made = try await context.createConfigMap("one")
      try await expectFailure(.conflict, "uid") { () throws(KubernetesError) in
        try await context.client.delete(
          .configMaps, context.key("one"), DeleteOptions(uid: "00000000-0000-0000-0000-000000000000"))
      }
      try await context.client.patch(.configMaps, context.key("one"), .merge(["data": ["a": "1"]]))
      try await expectFailure(.conflict, "version") { () throws(KubernetesError) in
        try await context.client.delete(
          .configMaps, context.key("one"), DeleteOptions(resourceVersion: made.metadata.resourceVersion))
      }
      try await context.client.delete(.configMaps, context.key("one"), DeleteOptions(uid: made.metadata.uid))
      try expect(try await context.isGone(.configMaps, context.key("one")), "the right uid deletes")
    },
    SemanticsCase("a pod that is bound has its grace, one that is not has none") { context in
      try await context.createPod("bound", node: "n1")
      try await context.createPod("free")
      try await context.client.delete(.pods, context.key("free"))
      try expect(try await context.isGone(.pods, context.key("free")), "a pod without a node is gone")
      try await context.client.delete(.pods, context.key("bound"))
      let held = try await context.client.get(.pods, context.key("bound"))
      try expect(held.metadata.isBeingDeleted, "a pod with a node is being deleted")
      try expect(held.metadata.json?["deletionGracePeriodSeconds"]?.int, is: 30, "grace")
      try await context.client.delete(.pods, context.key("bound"), DeleteOptions(gracePeriodSeconds: 0))
      try expect(try await context.isGone(.pods, context.key("bound")), "without grace it is gone")
    },
    SemanticsCase("all objects of a selection are deleted at once") { context in
      for name in ["a", "b", "c"] {
        try await context.createConfigMap(name, labels: ["go": name == "c" ? "no" : "yes"])
      }
      try await context.client.deleteAll(.configMaps, namespace: context.namespace, labelSelector: "go=yes")
      let left = try await context.client.list(
        .configMaps, namespace: context.namespace, labelSelector: "go", fieldSelector: "")
      try expect(left.map(\.name), is: ["c"], "names")
    },
    SemanticsCase("what an object owns is deleted behind it", needsControllers: true) { context in
      try await context.createOwnerAndDependent()
      try await context.client.delete(.configMaps, context.key("owner"), DeleteOptions(propagation: .background))
      try expect(try await context.isGone(.configMaps, context.key("owner")), "the owner is gone at once")
      try await context.eventually("the dependent is gone") {
        try await context.isGone(.configMaps, context.key("dependent"))
      }
    },
    SemanticsCase("what an object owns is deleted before it in the foreground", needsControllers: true) { context in
      try await context.createOwnerAndDependent(finalizers: ["gatehouse.test/hold"])
      try await context.client.delete(.configMaps, context.key("owner"), DeleteOptions(propagation: .foreground))
      let owner = try await context.client.get(.configMaps, context.key("owner"))
      try expect(owner.metadata.finalizers, is: ["foregroundDeletion"], "finalizers of the owner")
      try await context.eventually("the dependent is being deleted") {
        try await context.client.get(.configMaps, context.key("dependent")).metadata.isBeingDeleted
      }
      try expect(try await !context.isGone(.configMaps, context.key("owner")), "the owner waits")
      try await context.client.patch(.configMaps, context.key("dependent"), .merge(["metadata": ["finalizers": nil]]))
      try await context.eventually("the owner is gone") {
        try await context.isGone(.configMaps, context.key("owner"))
      }
    },
    SemanticsCase("what an object owns can be left behind", needsControllers: true) { context in
      try await context.createOwnerAndDependent()
      try await context.client.delete(.configMaps, context.key("owner"), DeleteOptions(propagation: .orphan))
      try await context.eventually("the owner is gone") {
        try await context.isGone(.configMaps, context.key("owner"))
      }
      let orphan = try await context.client.get(.configMaps, context.key("dependent"))
      try expect(orphan.metadata.ownerReferences, is: [], "owners")
    },
    SemanticsCase("an object whose owner is not there is deleted", needsControllers: true) { context in
      var value = context.configMap("lost")
      let owner = OwnerReference(
        apiVersion: "v1", kind: "ConfigMap", name: "never", uid: "00000000-0000-4000-8000-000000000000")
      value["metadata"]?["ownerReferences"] = [owner.value]
      try await context.client.create(.configMaps, namespace: context.namespace, value)
      try await context.eventually("it is gone") { try await context.isGone(.configMaps, context.key("lost")) }
    },
    SemanticsCase("a namespace takes everything in it along", needsControllers: true) { context in
      let name = "\(context.namespace)-inner"
      try await context.client.create(.namespaces, namespace: "", ["metadata": ["name": .string(name)]])
      try await context.client.create(.configMaps, namespace: name, context.configMap("one"))
      try await context.client.delete(.namespaces, NamespacedName("", name))
      try await context.eventually("the namespace is gone") {
        try await context.isGone(.namespaces, NamespacedName("", name))
      }
      try expect(try await context.isGone(.configMaps, NamespacedName(name, "one")), "its object is gone")
    },
  ]
}

extension SemanticsContext {
  /// Two config maps of which one owns the other.
  fileprivate func createOwnerAndDependent(finalizers: [String] = []) async throws {
    let owner = try await createConfigMap("owner")
    var value = configMap("dependent")
    value["metadata"]?["ownerReferences"] = [OwnerReference(.configMaps, owner).value]
    value["metadata"]?["finalizers"] = .array(finalizers.map { .string($0) })
    try await client.create(.configMaps, namespace: namespace, value)
  }
}
