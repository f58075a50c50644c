/// Patches that look like the part of a document that they change, where `null` removes (RFC 7386).
public enum JSONMergePatch {
  /// The document with the patch merged in (RFC 7386 section 2): objects by member, everything else replaced.
  ///
  /// Recurses as deep as the patch, which its parser has limited.
  public static func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var result = document.object ?? JSONObject()
    for change in changes.members {
      if change.value.isNull {
        result[change.name] = nil
      } else {
        result[change.name] = apply(change.value, to: result[change.name] ?? .null)
      }
    }
    return .object(result)
  }

  /// A merge patch that makes one document of the other.
  ///
  /// A merge patch cannot set a member to `null` (RFC 7386 section 1): such a member of the new document is left out of the result.
  /// Without any difference the patch is an empty object.
  public static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue {
    guard case .object(let new) = new else { return new }
    let old = old.object ?? JSONObject()
    let newPlaces = new.places
    let oldPlaces = old.places
    var patch: [JSONObject.Member] = []
    for member in old.members where newPlaces.place(of: member.name) == nil {
      patch.append(.init(member.name, .null))
    }
    for member in new.members {
      guard let place = oldPlaces.place(of: member.name) else {
        patch.append(member)
        continue
      }
      let before = old.members[place].value
      if before != member.value { patch.append(.init(member.name, change(from: before, to: member.value))) }
    }
    return .object(JSONObject(patch))
  }

  private static func change(from old: JSONValue, to new: JSONValue) -> JSONValue {
    guard case .object = old, case .object = new else { return new }
    return difference(from: old, to: new)
  }
}
