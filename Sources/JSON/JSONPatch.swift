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
    case .add(let path, let value): entry(#"{"op":"add","path":"#, path, value)
    case .remove(let path): entry(#"{"op":"remove","path":"#, path)
    case .replace(let path, let value): entry(#"{"op":"replace","path":"#, path, value)
    case .move(let from, let path): entry(#"{"op":"move","from":"#, from, to: path)
    case .copy(let from, let path): entry(#"{"op":"copy","from":"#, from, to: path)
    case .test(let path, let value): entry(#"{"op":"test","path":"#, path, value)
    }
  }

  /// Writes an operation behind its opening, whose words need no escapes and so are written as one text.
  private mutating func entry(
    _ opening: StaticString, _ path: JSONPointer, _ value: JSONValue? = nil, to target: JSONPointer? = nil
  ) {
    separate()
    words(opening)
    pointer(path)
    if let target {
      words(#","path":"#)
      pointer(target)
    }
    if let value {
      words(#","value":"#)
      self.value(value)
    }
    endObject()
  }
}
