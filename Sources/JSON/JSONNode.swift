/// What a JSON value is.
public enum JSONKind: UInt8, Sendable {
  case null, bool, number, string, array, object
}

/// One value or member name in the flat list of a document: 16 bytes, in document order, children behind their parent.
struct JSONNode {
  /// Where the text starts; for a string the byte behind the quote.
  var offset: UInt32
  /// Bytes of text; for a string without the quotes.
  var length: UInt32
  /// The index behind the last node of this value's subtree.
  var end: UInt32
  /// The kind in bits 0 to 2, whether a string has escapes in bit 3, and the number of elements or members above.
  ///
  /// 28 bits are enough: an element takes two bytes of a text that is shorter than 2^31.
  var info: UInt32

  static let escaped: UInt32 = 0b1000
  static let countShift: UInt32 = 4

  @inline(__always) var kind: JSONKind { JSONKind(rawValue: UInt8(truncatingIfNeeded: info & 0b111)) ?? .null }
  @inline(__always) var hasEscapes: Bool { info & JSONNode.escaped != 0 }
  @inline(__always) var count: Int { Int(info >> JSONNode.countShift) }
}
