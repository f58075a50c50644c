extension JSONPatch {
  /// The document with every operation applied in order (RFC 6902 section 5).
  ///
  /// All or nothing: the given document stays as it is, and a patch that fails anywhere gives no result.
  ///
  /// - Throws: ``JSONPatchError`` with the position of the first operation that does not fit, or that passes a limit.
  public func apply(
    to document: JSONValue, limits: JSONPatchLimits = JSONPatchLimits()
  ) throws(JSONPatchError) -> JSONValue {
    guard operations.count <= limits.operations else {
      throw JSONPatchError(
        .tooLarge, operation: nil, path: "",
        reason: "\(operations.count) operations are more than the limit of \(limits.operations)")
    }
    var application = PatchApplication(document: document, limits: limits)
    for (position, operation) in operations.enumerated() {
      do throws(PatchFault) {
        try application.apply(operation)
      } catch {
        throw JSONPatchError(
          error.code, operation: position, path: operation.path.description, reason: error.reason)
      }
    }
    return application.document
  }
}

extension JSONPatch.Operation {
  /// The place that the operation changes or tests.
  public var path: JSONPointer {
    switch self {
    case .add(let path, _), .remove(let path), .replace(let path, _), .move(_, let path), .copy(_, let path),
      .test(let path, _):
      path
    }
  }
}

/// A patch under way: the document as it is now, and how much copying is left.
private struct PatchApplication {
  var document: JSONValue
  private var bytesLeft: Int
  private let depthLimit: Int

  init(document: JSONValue, limits: JSONPatchLimits) {
    self.document = document
    bytesLeft = limits.copiedBytes
    depthLimit = limits.depth
  }

  mutating func apply(_ operation: JSONPatch.Operation) throws(PatchFault) {
    switch operation {
    case .add(let path, let value):
      try checkDepth(of: value, at: path)
      try document.add(value, at: path)
    case .remove(let path): _ = try document.remove(at: path)
    case .replace(let path, let value):
      try checkDepth(of: value, at: path)
      try document.replace(value, at: path)
    case .move(let source, let path): try move(source, to: path)
    case .copy(let source, let path):
      let value = try existing(source)
      try charge(value, at: path)
      try document.add(value, at: path)
    case .test(let path, let value):
      guard try existing(path) == value else {
        throw PatchFault(.testFailed, "the value is not the one that the test demands")
      }
    }
  }

  private mutating func move(_ source: JSONPointer, to path: JSONPointer) throws(PatchFault) {
    guard !source.isProperPrefix(of: path) else {
      throw PatchFault(.malformed, "\"\(source)\" cannot move into itself")
    }
    let value = try existing(source)
    guard source != path else { return }
    if path.depth > source.depth { try charge(value, at: path) }
    _ = try document.remove(at: source)
    try document.add(value, at: path)
  }

  private func existing(_ pointer: JSONPointer) throws(PatchFault) -> JSONValue {
    guard let value = document.value(at: pointer) else { throw .missing("\"\(pointer)\" does not exist") }
    return value
  }

  private func checkDepth(of value: JSONValue, at path: JSONPointer) throws(PatchFault) {
    guard path.depth <= depthLimit, JSONMeasure(value, depth: depthLimit - path.depth) != nil else {
      throw PatchFault(.tooLarge, "the document would nest deeper than \(depthLimit)")
    }
  }

  private mutating func charge(_ value: JSONValue, at path: JSONPointer) throws(PatchFault) {
    try checkDepth(of: value, at: path)
    guard let size = JSONMeasure(value, bytes: bytesLeft) else {
      throw PatchFault(.tooLarge, "the patch copies more than it may")
    }
    bytesLeft -= size.bytes
  }
}
