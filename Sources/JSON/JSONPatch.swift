/// A list of operations that changes a document (RFC 6902).
public struct JSONPatch: Sendable, Hashable {
  /// One change.
  public enum Operation: Sendable, Hashable {
    /// Sets a member, or inserts an element before the position (`-`: behind the last).
    case add(JSONPointer, JSONValue)
    /// Removes a member or an element that exists.
    case remove(JSONPointer)
    /// Sets a value that exists.
    case replace(JSONPointer, JSONValue)
    /// Moves a value.
    case move(from: JSONPointer, to: JSONPointer)
    /// Copies a value.
    case copy(from: JSONPointer, to: JSONPointer)
    /// Demands that a value equals another.
    case test(JSONPointer, JSONValue)
  }

  /// The operations in the order in which they apply.
  public var operations: [Operation]

  /// A patch of the given operations.
  public init(_ operations: [Operation] = []) { self.operations = operations }

  /// Whether the patch changes nothing.
  public var isEmpty: Bool { operations.isEmpty }
}

extension JSONWriter {
  /// Writes a patch as the array that RFC 6902 section 3 describes.
  public mutating func patch(_ patch: JSONPatch) {
    beginArray()
    for operation in patch.operations { self.operation(operation) }
    endArray()
  }

  private mutating func operation(_ operation: JSONPatch.Operation) {
    switch operation {
    case .add(let path, let value): entry(#"{"op":"add""#, path, value: value)
    case .remove(let path): entry(#"{"op":"remove""#, path)
    case .replace(let path, let value): entry(#"{"op":"replace""#, path, value: value)
    case .move(let from, let path): entry(#"{"op":"move""#, path, from: from)
    case .copy(let from, let path): entry(#"{"op":"copy""#, path, from: from)
    case .test(let path, let value): entry(#"{"op":"test""#, path, value: value)
    }
  }

  /// Writes an operation behind its opening, whose words need no escapes and so are written as one text.
  private mutating func entry(
    _ opening: String, _ path: JSONPointer, from: JSONPointer? = nil, value: JSONValue? = nil
  ) {
    raw(opening)
    if let from {
      member(#","from":"#)
      pointer(from)
    }
    member(#","path":"#)
    pointer(path)
    if let value {
      member(#","value":"#)
      self.value(value)
    }
    endObject()
  }
}
