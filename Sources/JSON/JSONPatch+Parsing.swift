extension JSONPatch {
  /// Reads a patch as RFC 6902 sections 3 and 4 describe it; members that they do not name are passed over.
  ///
  /// - Throws: ``JSONPatchError`` for a value that is no such array, and for more operations than the limit.
  public init(_ view: JSONView, limits: JSONPatchLimits = JSONPatchLimits()) throws(JSONPatchError) {
    guard view.isArray else {
      throw JSONPatchError(.malformed, operation: nil, path: "", reason: "a patch is an array of operations")
    }
    guard view.count <= limits.operations else {
      throw JSONPatchError(
        .tooLarge, operation: nil, path: "",
        reason: "\(view.count) operations are more than the limit of \(limits.operations)")
    }
    var operations: [Operation] = []
    operations.reserveCapacity(view.count)
    for element in view.elements {
      do throws(PatchFault) {
        operations.append(try Operation(element))
      } catch {
        throw JSONPatchError(
          error.code, operation: operations.count, path: element["path"]?.string ?? "", reason: error.reason)
      }
    }
    self.init(operations)
  }
}

extension JSONPatch.Operation {
  fileprivate init(_ view: JSONView) throws(PatchFault) {
    guard view.isObject else { throw PatchFault(.malformed, "an operation is an object") }
    guard let word = view["op"]?.string else { throw PatchFault(.malformed, "\"op\" is missing or is no string") }
    let path = try Self.pointer("path", of: view)
    switch word {
    case "add": self = .add(path, try Self.value(of: view))
    case "remove": self = .remove(path)
    case "replace": self = .replace(path, try Self.value(of: view))
    case "move": self = .move(from: try Self.pointer("from", of: view), to: path)
    case "copy": self = .copy(from: try Self.pointer("from", of: view), to: path)
    case "test": self = .test(path, try Self.value(of: view))
    default:
      throw PatchFault(.malformed, "\"\(word)\" is no operation: add, remove, replace, move, copy and test are")
    }
  }

  private static func pointer(_ name: String, of view: JSONView) throws(PatchFault) -> JSONPointer {
    guard let text = view[name]?.string else { throw PatchFault(.malformed, "\"\(name)\" is missing or is no string") }
    guard let pointer = JSONPointer(text) else {
      throw PatchFault(.malformed, "\"\(name)\" is \"\(text)\", which is no JSON pointer (RFC 6901)")
    }
    return pointer
  }

  private static func value(of view: JSONView) throws(PatchFault) -> JSONValue {
    guard let value = view["value"] else { throw PatchFault(.malformed, "\"value\" is missing") }
    return JSONValue(value)
  }
}
