public import JSON
public import Kubernetes

/// An object as a plugin wants it: the fields that it decides on, and no others.
public struct ObjectDraft: Sendable {
  /// The resource of the object.
  public let resource: Resource
  /// The namespace and name.
  public let key: NamespacedName
  /// The whole object as server-side apply takes it.
  public let value: JSONValue
  /// Lists and maps in which nothing may stand but what the draft has.
  let exact: [[String]]
  /// Fields whose change alone does not interrupt anybody.
  let gentle: [[String]]

  /// Describes an object.
  ///
  /// - Parameters:
  ///   - labels: labels that the plugin decides on.
  ///   - annotations: annotations that the plugin decides on.
  ///   - owner: the one owner; nil where it has none.
  ///   - fields: the members of the object besides its metadata, such as `spec`.
  init(
    _ resource: Resource, _ key: NamespacedName, labels: JSONObject = JSONObject(),
    annotations: JSONObject = JSONObject(), owner: OwnerReference?, _ fields: JSONObject, exact: [[String]] = [],
    gentle: [[String]] = []
  ) {
    self.resource = resource
    self.key = key
    self.exact = exact + (owner == nil ? [] : [["metadata", "ownerReferences"]])
    self.gentle = gentle
    var metadata: JSONObject = ["name": .string(key.name), "namespace": .string(key.namespace)]
    if !labels.isEmpty { metadata["labels"] = .object(labels) }
    if !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
    if let owner { metadata["ownerReferences"] = [owner.value] }
    var object: JSONObject = [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "metadata": .object(metadata),
    ]
    for member in fields.members { object[member.name] = member.value }
    value = .object(object)
  }
}

/// A write of a draft: everything that it decides on, by server-side apply.
public struct ObjectWrite: Sendable {
  /// What is written.
  public let draft: ObjectDraft
  /// A merge patch that has to come first; nil for an object that holds nothing that the draft must not have.
  ///
  /// Server-side apply removes only what the same manager applied before, so elements of lists that another program wrote would stay.
  public let cleanUp: JSONValue?
}

/// How an object differs from a draft.
enum DraftDifference: Sendable {
  case none
  /// In nothing that anybody notices, such as the hash of a configuration that means the same.
  case gentle(ObjectWrite)
  case substantial(ObjectWrite)
}

extension ObjectDraft {
  /// How an object differs from the draft; fields that the draft does not have do not count.
  func difference(from live: KubernetesObject?) -> DraftDifference {
    guard let live else { return .substantial(ObjectWrite(draft: self, cleanUp: nil)) }
    var paths: [[String]] = []
    Self.compare(value, live.json, [], &paths)
    let cleanUp = self.cleanUp(live.json)
    guard !paths.isEmpty || cleanUp != nil else { return .none }
    let write = ObjectWrite(draft: self, cleanUp: cleanUp)
    let isGentle = cleanUp == nil && paths.allSatisfy { gentle.contains($0) }
    return isGentle ? .gentle(write) : .substantial(write)
  }

  /// Gathers the paths of wanted fields that an object has otherwise or not at all.
  private static func compare(_ wanted: JSONValue, _ live: JSONView?, _ path: [String], _ paths: inout [[String]]) {
    switch wanted {
    case .object(let object) where !object.isEmpty && live?.isObject ?? true:
      for member in object.members { compare(member.value, live?[member.name], path + [member.name], &paths) }
    default:
      let isUnknown = live == nil && path == optional && wanted == true
      if !isUnknown, !covers(live, wanted) { paths.append(path) }
    }
  }

  /// A field that API servers before Kubernetes 1.22 drop; without it they do what `true` means.
  private static let optional = ["spec", "allocateLoadBalancerNodePorts"]

  /// Whether a value has everything that is wanted of it; elements of lists in any order and as many.
  private static func covers(_ live: JSONView?, _ wanted: JSONValue) -> Bool {
    switch wanted {
    case .object(let object):
      guard let live, live.isObject else { return false }
      return object.members.allSatisfy { covers(live[$0.name], $0.value) }
    case .array(let elements):
      guard let live, live.isArray, live.count == elements.count else { return elements.isEmpty && live == nil }
      return elements.allSatisfy { element in live.elements.contains { covers($0, element) } }
    // The API server leaves out what is false.
    default: return live.map { $0.isEqual(to: wanted) } ?? (wanted == .bool(false))
    }
  }

  /// A merge patch of what must not be there; nil where nothing is.
  private func cleanUp(_ live: JSONView) -> JSONValue? {
    var patch: JSONValue?
    for path in exact {
      guard let wanted = path.reduce(value as JSONValue?, { $0?[$1] }),
        let there = path.reduce(live as JSONView?, { $0?[$1] })
      else { continue }
      guard let part = Self.surplus(there, wanted) else { continue }
      let nested = path.reversed().reduce(part) { inner, name in .object([name: inner]) }
      patch = patch.map { JSONMergePatch.combine($0, nested) } ?? nested
    }
    return patch
  }

  /// What tells elements apart: the unique id of owners, number and protocol of ports.
  private static func identity(_ uid: String?, _ port: Int?, _ proto: String?) -> [String] {
    uid.map { [$0] } ?? [port.map(String.init) ?? "", proto ?? "TCP"]
  }

  private static func surplus(_ live: JSONView, _ wanted: JSONValue) -> JSONValue? {
    switch wanted {
    case .array(let elements):
      let identities = Set(elements.map { identity($0["uid"]?.string, $0["port"]?.int, $0["protocol"]?.string) })
      // What stays keeps what the API server gave it, such as node ports.
      let kept = live.elements.filter {
        identities.contains(identity($0["uid"]?.string, $0["port"]?.int, $0["protocol"]?.string))
      }
      guard kept.count < live.count else { return nil }
      return kept.isEmpty ? wanted : .array(kept.map { JSONValue($0) })
    case .object(let object):
      var extra = JSONObject()
      for member in live.members where object[member.name] == nil { extra[member.name] = .null }
      guard !extra.isEmpty else { return nil }
      return .object(extra)
    default: return nil
    }
  }
}

extension JSONMergePatch {
  /// One patch that does what two do that touch different fields.
  fileprivate static func combine(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
    guard case .object(var object) = one, case .object(let more) = other else { return other }
    for member in more.members {
      object[member.name] = object[member.name].map { combine($0, member.value) } ?? member.value
    }
    return .object(object)
  }
}
