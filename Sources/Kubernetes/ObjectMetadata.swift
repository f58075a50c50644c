public import JSON

/// The fields that every object has under `metadata`; each answers empty or nil where it is absent.
public struct ObjectMetadata: Sendable {
  /// The `metadata` object, where there is one.
  public let json: JSONView?

  /// Looks at a `metadata` object.
  public init(_ json: JSONView?) { self.json = json }

  /// The name.
  public var name: String { json?["name"]?.string ?? "" }
  /// The prefix from which the API server makes a name where none is given.
  public var generateName: String { json?["generateName"]?.string ?? "" }
  /// The namespace; empty where there is none.
  public var namespace: String { json?["namespace"]?.string ?? "" }
  /// The unique id that the API server gave.
  public var uid: String { json?["uid"]?.string ?? "" }
  /// The opaque version of the object.
  public var resourceVersion: String { json?["resourceVersion"]?.string ?? "" }
  /// The number of the last change of the specification.
  public var generation: Int { json?["generation"]?.int ?? 0 }
  /// When the object was created (RFC 3339).
  public var creationTimestamp: String { json?["creationTimestamp"]?.string ?? "" }
  /// When graceful deletion was asked for and ends (RFC 3339); nil while the object is not being deleted.
  public var deletionTimestamp: String? { json?["deletionTimestamp"]?.string }
  /// Whether deletion was asked for.
  public var isBeingDeleted: Bool { deletionTimestamp != nil }
  /// The finalizers that hold the object back from being removed.
  public var finalizers: [String] { json?["finalizers"]?.elements.compactMap(\.string) ?? [] }
  /// The labels.
  public var labels: StringMap { StringMap(json?["labels"]) }
  /// The annotations.
  public var annotations: StringMap { StringMap(json?["annotations"]) }
  /// The owners, for garbage collection.
  public var ownerReferences: [OwnerReference] { json?["ownerReferences"]?.elements.map(OwnerReference.init) ?? [] }
  /// The one owner that manages the object.
  public var controller: OwnerReference? { ownerReferences.first(where: \.isController) }
}

/// A map of strings such as labels, read in place.
public struct StringMap: Sendable, Sequence {
  /// The object, where there is one.
  public let json: JSONView?

  /// Looks at an object of strings.
  public init(_ json: JSONView?) { self.json = json }

  /// The value of a key; nil where it is absent or no string.
  public subscript(key: String) -> String? { json?[key]?.string }

  /// Whether the key has exactly this value; makes no string.
  public func has(_ key: String, _ value: String) -> Bool { json?[key]?.isString(value) ?? false }

  /// Whether the key is there.
  public func contains(_ key: String) -> Bool { json?[key] != nil }

  /// The entries as a dictionary; of two with one key the last stays.
  public var dictionary: [String: String] {
    var dictionary: [String: String] = [:]
    for (key, value) in self { dictionary[key] = value }
    return dictionary
  }

  /// The entries whose values are strings, in the order of the document.
  public func makeIterator() -> AnyIterator<(key: String, value: String)> {
    var members = json?.members.makeIterator()
    return AnyIterator {
      while let member = members?.next() {
        if let value = member.value.string { return (member.name, value) }
      }
      return nil
    }
  }
}

/// An entry of `metadata.ownerReferences`.
public struct OwnerReference: Sendable, Hashable {
  /// The owner's `apiVersion`.
  public let apiVersion: String
  /// The owner's kind.
  public let kind: String
  /// The owner's name, in the same namespace.
  public let name: String
  /// The owner's unique id.
  public let uid: String
  /// Whether the owner is the one that manages the object.
  public let isController: Bool
  /// Whether foreground deletion of the owner waits for the object.
  public let blocksOwnerDeletion: Bool

  /// A reference as the product writes it: the managing owner, that waits for the object.
  public init(apiVersion: String, kind: String, name: String, uid: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    isController = true
    blocksOwnerDeletion = true
  }

  /// Refers to an object of a resource.
  public init(_ resource: Resource, _ owner: some ObjectView) {
    self.init(apiVersion: resource.apiVersion, kind: resource.kind, name: owner.name, uid: owner.metadata.uid)
  }

  /// Reads a reference.
  public init(_ json: JSONView) {
    apiVersion = json["apiVersion"]?.string ?? ""
    kind = json["kind"]?.string ?? ""
    name = json["name"]?.string ?? ""
    uid = json["uid"]?.string ?? ""
    isController = json["controller"]?.bool ?? false
    blocksOwnerDeletion = json["blockOwnerDeletion"]?.bool ?? false
  }

  /// The reference as JSON, with the keys in the order in which Go writes them.
  public var value: JSONValue {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
      "controller": .bool(isController), "blockOwnerDeletion": .bool(blocksOwnerDeletion),
    ]
  }
}
