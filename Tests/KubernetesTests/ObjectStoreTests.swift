import JSON
import Kubernetes
import Synchronization
import Testing

@Suite struct ObjectStoreTests {
  private static let stores: [@Sendable () -> ObjectStore] = [{ ObjectStore() }, { ObjectStore(packed: [.pods]) }]

  private func pod(_ name: String, version: String = "1", set: String = "s", owner: String = "u", node: String = "")
    -> KubernetesObject
  {
    KubernetesObject([
      "metadata": [
        "name": .string(name), "namespace": "n", "resourceVersion": .string(version),
        "labels": [GameLabels.ownerSet: .string(set), "app": "a"], "ownerReferences": [["uid": .string(owner)]],
      ],
      "spec": ["nodeName": .string(node)],
    ])
  }

  private func names(_ store: ObjectStore, _ query: ObjectQuery) -> [String] {
    store.objects(.pods, query).map(\.name).sorted()
  }

  @Test("finds objects by every index, as they are set, changed and removed", arguments: stores)
  func indexes(_ make: @Sendable () -> ObjectStore) {
    let store = make()
    for name in ["a", "b", "c"] { store.set(.pods, pod(name, node: "one")) }
    store.set(.pods, pod("d", owner: "v"))
    #expect(names(store, .all(namespace: nil)) == ["a", "b", "c", "d"])
    #expect(names(store, .label(GameLabels.ownerSet, "s", namespace: "n")) == ["a", "b", "c", "d"])
    #expect(names(store, .label("app", "a", namespace: "n")) == ["a", "b", "c", "d"])
    #expect(names(store, .label("app", "b", namespace: "n")) == [])
    #expect(names(store, .owner(uid: "v")) == ["d"])
    store.set(.pods, pod("b", version: "2", set: "t", owner: "v", node: "two"))
    #expect(names(store, .owner(uid: "v")) == ["b", "d"])
    #expect(names(store, .node("one")) == ["a", "c"])
    store.remove(.pods, NamespacedName("n", "d"))
    store.remove(.pods, NamespacedName("n", "a"))
    #expect(names(store, .owner(uid: "v")) == ["b"])
    #expect(names(store, .label(GameLabels.ownerSet, "s", namespace: "n")) == ["c"])
    store.remove(.pods, NamespacedName("n", "b"))
    #expect(names(store, .owner(uid: "v")) == [])
    #expect(names(store, .all(namespace: "n")) == ["c"])
    #expect(store.count(.pods) == 1)
  }

  @Test("answers an object with its text byte for byte", arguments: stores)
  func keepsTexts(_ make: @Sendable () -> ObjectStore) throws {
    let text = #"{"metadata": {"name":"a","namespace":"n" } ,"unknown":[1.50, "\u00e9"]}"#
    let store = make()
    let list = try JSONDocument("[\(text), 1]").root
    store.set(.pods, KubernetesObject(try #require(list[0])))
    #expect(store.object(.pods, NamespacedName("n", "a"))?.json.text == text)
  }

  @Test("tells observers old and new objects, and of a list only what is not known", arguments: stores)
  func tells(_ make: @Sendable () -> ObjectStore) {
    let store = make()
    let told = Mutex<[String]>([])
    store.observe(.pods) { old, new in
      let versions = [old, new].map { $0?.metadata.resourceVersion ?? "-" }
      told.withLock { $0.append("\((new ?? old)?.name ?? "") \(versions.joined(separator: ">"))") }
    }
    store.set(.pods, pod("a"))
    store.set(.pods, pod("a", version: "2"))
    store.set(.pods, pod("b"))
    var packer = ObjectPacker()
    store.replace(.pods, packed: [pod("a", version: "2"), pod("c", version: "3")].map { packer.pack($0) })
    #expect(told.withLock { $0 } == ["a ->1", "a 1>2", "b ->1", "c ->3", "b 1>-"])
    #expect(store.hasSynced(.pods))
    #expect(names(store, .all(namespace: nil)) == ["a", "c"])
  }
}
