import JSON
import KubeClient
import Kubernetes

extension SemanticsCase {
  /// Lists: selectors, pages and versions.
  static let lists: [SemanticsCase] = [
    SemanticsCase("label selectors select") { context in
      try await context.createConfigMap("a", labels: ["tier": "gold", "zone": "one"])
      try await context.createConfigMap("b", labels: ["tier": "silver", "zone": "one"])
      try await context.createConfigMap("c", labels: ["zone": "two"])
      let expected: KeyValuePairs = [
        "tier=gold": "a", "tier==gold": "a", "tier!=gold": "bc", "tier": "ab", "!tier": "c",
        "tier in (gold,silver)": "ab",
        "tier notin (gold)": "bc", "zone=one,tier": "ab", "zone=one,tier!=silver": "a", "zone=three": "",
      ]
      for (selector, names) in expected {
        try expect(try await context.names(labels: selector, "a", "b", "c"), is: names, selector)
      }
    },
    SemanticsCase("field selectors select") { context in
      try await context.createPod("a", node: "n1")
      try await context.createPod("b", node: "n2")
      try await context.createPod("c")
      let expected: KeyValuePairs = [
        "metadata.name=a": "a", "spec.nodeName=n2": "b", "spec.nodeName=": "c", "spec.nodeName!=n1": "bc",
        "status.phase=Pending": "abc", "status.phase=Running": "",
      ]
      for (selector, names) in expected {
        let pods = try await context.client.list(
          .pods, namespace: context.namespace, labelSelector: "", fieldSelector: selector)
        try expect(pods.map(\.name).sorted().joined(), is: names, selector)
      }
    },
    SemanticsCase("a malformed selector is a bad request") { context in
      try await expectFailure(.badRequest, "labels") { () throws(KubernetesError) in
        _ = try await context.client.page(.configMaps, ObjectSelection(namespace: context.namespace, labels: "a in ("))
      }
      try await expectFailure(.badRequest, "fields") { () throws(KubernetesError) in
        _ = try await context.client.page(
          .pods, ObjectSelection(namespace: context.namespace, fields: "spec.nonsense=1"))
      }
    },
    SemanticsCase("a list comes in pages of one version, unmoved by what changes meanwhile") { context in
      for number in 0..<7 { try await context.createConfigMap("m-\(number)") }
      let mine = ObjectSelection(namespace: context.namespace, fields: "metadata.name!=kube-root-ca.crt")
      let first = try await context.client.page(.configMaps, mine, limit: 3)
      try expect(first.items.count, is: 3, "items of the first page")
      try await context.client.delete(.configMaps, context.key("m-5"))
      try await context.createConfigMap("m-55")
      var names = first.items.map { ObjectMetadata($0["metadata"]).name }
      var continuation = first.continuation
      while let token = continuation {
        let page = try await context.client.page(.configMaps, mine, limit: 3, continuation: token)
        try expect(page.resourceVersion, is: first.resourceVersion, "version of a later page")
        names += page.items.map { ObjectMetadata($0["metadata"]).name }
        continuation = page.continuation
      }
      try expect(names, is: (0..<7).map { "m-\($0)" }, "names")
    },
    SemanticsCase("a page says how many objects follow") { context in
      for number in 0..<5 { try await context.createConfigMap("m-\(number)") }
      let page = try await context.client.page(
        .configMaps, ObjectSelection(namespace: context.namespace), limit: 2)
      let all = try await context.client.page(.configMaps, ObjectSelection(namespace: context.namespace), limit: nil)
      try expect(page.remaining, is: all.items.count - 2, "remaining")
      try expect(all.continuation, is: nil, "continuation of the whole list")
    },
    SemanticsCase("a page of an old version can be had exactly, and not older than it") { context in
      let first = try await context.createConfigMap("a")
      try await context.createConfigMap("b")
      let version = first.metadata.resourceVersion
      let mine = ObjectSelection(namespace: context.namespace, fields: "metadata.name!=kube-root-ca.crt")
      let old = try await context.client.page(.configMaps, mine, version: .exactly(version))
      try expect(old.items.map { ObjectMetadata($0["metadata"]).name }, is: ["a"], "names at the old version")
      try expect(old.resourceVersion, is: version, "version of the old list")
      let new = try await context.client.page(.configMaps, mine, version: .notOlderThan(version))
      try expect(new.items.count >= 1, "a list that is not older has the object")
    },
    SemanticsCase("a token that was never given is a bad request") { context in
      try await expectFailure(.badRequest, "page") { () throws(KubernetesError) in
        _ = try await context.client.page(
          .configMaps, ObjectSelection(namespace: context.namespace), limit: 1, continuation: "nonsense")
      }
    },
    SemanticsCase("a token of a forgotten version has expired") { context in
      guard let perform = context.server.perform else { return }
      for number in 0..<3 { try await context.createConfigMap("m-\(number)") }
      let mine = ObjectSelection(namespace: context.namespace)
      let token = try await context.client.page(.configMaps, mine, limit: 1).continuation
      try await context.createConfigMap("later")
      try await perform(.compact)
      let error = try await expectFailure(.expired, "page") { () throws(KubernetesError) in
        _ = try await context.client.page(.configMaps, mine, limit: 1, continuation: token)
      }
      try expect(error.status, is: 410, "status")
    },
    SemanticsCase("a list of all namespaces has the objects of each") { context in
      try await context.createConfigMap("a", labels: ["case": context.namespace])
      let all = try await context.client.list(
        .configMaps, namespace: nil, labelSelector: "case=\(context.namespace)", fieldSelector: "")
      try expect(all.map(\.key), is: [context.key("a")], "keys")
      try expect(all.first?.kind, is: "ConfigMap", "kind of an item")
      try expect(all.first?.json["metadata"]?["managedFields"] == nil, "managed fields are dropped")
    },
  ]
}

extension SemanticsContext {
  /// The names of the config maps that a label selector selects, of those given.
  fileprivate func names(labels: String, _ candidates: String...) async throws -> String {
    let found = try await client.list(
      .configMaps, namespace: namespace, labelSelector: labels, fieldSelector: "")
    return found.map(\.name).filter(candidates.contains).sorted().joined()
  }
}
