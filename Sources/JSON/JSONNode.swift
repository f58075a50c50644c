/// What a JSON value is.
public enum JSONKind: UInt8, Sendable {
  case null, bool, number, string, array, object
}

/// One value or member name in the flat list of a document: 16 bytes, in document order, children behind their parent.
@usableFromInline struct JSONNode {
  /// Where the text starts; for a string the byte behind the quote.
  @usableFromInline var offset: UInt32
  /// Bytes of text; for a string without the quotes.
  @usableFromInline var length: UInt32
  /// The index behind the last node of this value's subtree.
  @usableFromInline var end: UInt32
  /// The kind in bits 0 to 2, whether a string has escapes in bit 3, and the number of elements or members above.
  ///
  /// 28 bits are enough: an element takes two bytes of a text that is no longer than 2^29 (``JSONLimits/largestText``).
  @usableFromInline var info: UInt32

  @inlinable static var escaped: UInt32 { 0b1000 }
  @inlinable static var countShift: UInt32 { 4 }

  @inlinable var kind: JSONKind { JSONKind(rawValue: UInt8(truncatingIfNeeded: info & 0b111)) ?? .null }
  @inlinable var isObject: Bool { info & 0b111 == UInt32(JSONKind.object.rawValue) }
  @inlinable var isArray: Bool { info & 0b111 == UInt32(JSONKind.array.rawValue) }
  @inlinable var hasEscapes: Bool { info & JSONNode.escaped != 0 }
  @inlinable var count: Int { Int(info >> JSONNode.countShift) }

  init(offset: UInt32, length: UInt32, end: UInt32, info: UInt32) {
    self.offset = offset
    self.length = length
    self.end = end
    self.info = info
  }
}
