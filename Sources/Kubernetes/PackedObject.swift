import JSON

/// An object as its text alone, for keeping many: a parsed one takes more than twice the memory.
///
/// Reading it costs a parse, about a microsecond per 500 bytes. Nothing is lost: the text is that of the object, byte for byte.
public struct PackedObject: Sendable {
  private let text: [UInt8]

  /// Packs an object; what its document holds besides it is not kept.
  public init(_ object: KubernetesObject) {
    text = object.json.withTextBytes { bytes in
      unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// The object, parsed anew with each call.
  public var object: KubernetesObject {
    do {
      // The text was within its limits when it was parsed first.
      return KubernetesObject(try JSONDocument(text.span, limits: JSONLimits(depth: .max, bytes: .max)).root)
    } catch {
      preconditionFailure("a checked text was refused: \(error)")
    }
  }
}
