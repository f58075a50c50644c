/// A patch that cannot be read, or that does not fit the document it is applied to.
public struct JSONPatchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of fault it is.
  public enum Code: String, Sendable {
    /// The patch is not what RFC 6902 sections 3 and 4 describe.
    case malformed
    /// A place that has to exist does not (RFC 6902 section 4.1 and following).
    case missingTarget
    /// A value is not the one that a test demanded.
    case testFailed
    /// More operations, depth or growth than a reader accepts.
    case tooLarge
  }

  /// What kind of fault it is.
  public let code: Code
  /// The position of the operation in the patch, from 0; nil where the patch as a whole is at fault.
  public let operation: Int?
  /// The pointer that the operation names, as text; empty where there is none.
  public let path: String
  /// What is wrong, as a clause for a person.
  public let reason: String

  /// Names a fault and its place.
  public init(_ code: Code, operation: Int?, path: String, reason: String) {
    self.code = code
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// The place and the reason, for an answer or a log line.
  public var description: String {
    guard let operation else { return "invalid patch: \(reason)" }
    return "patch operation \(operation) at \"\(path)\": \(reason)"
  }
}

/// A fault whose place in the patch the caller knows.
struct PatchFault: Error {
  let code: JSONPatchError.Code
  let reason: String

  init(_ code: JSONPatchError.Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  static func missing(_ reason: String) -> PatchFault { PatchFault(.missingTarget, reason) }
}

/// How large a patch a reader accepts, and how much a patch may make a document grow.
public struct JSONPatchLimits: Sendable {
  /// The most operations; the API server of Kubernetes takes 10,000 as well.
  public var operations: Int
  /// The most bytes that `copy` operations, and `move` operations to a deeper place, may handle in one patch.
  ///
  /// A copy of everything into itself doubles a document, so thirty operations would fill the memory.
  /// Three megabytes are what the API server of Kubernetes allows, which is also its largest request.
  public var copiedBytes: Int
  /// The deepest nesting of a patched document, which is what the parser accepts.
  public var depth: Int

  /// Limits for a patch from the network.
  public init(operations: Int = 10_000, copiedBytes: Int = 3 << 20, depth: Int = JSONLimits().depth) {
    self.operations = operations
    self.copiedBytes = copiedBytes
    self.depth = depth
  }
}
