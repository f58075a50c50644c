import Glibc

/// A JSON text that was checked once and is read in place: the bytes, and a flat list of where each value stands.
///
/// Nothing is decoded before it is asked for, and nothing changes after parsing, so a document is shared freely between threads.
/// The text is checked in full against RFC 8259. Where a name stands twice in an object the last one wins, as in Go's decoder.
@safe public final class JSONDocument: @unchecked Sendable {
  // Safe because both blocks are written only in the initialiser and freed only in deinit.
  @usableFromInline let bytes: UnsafePointer<UInt8>
  @usableFromInline let nodes: UnsafePointer<JSONNode>

  /// The length of the text in bytes.
  public let byteCount: Int
  /// How many values and member names the text holds.
  public let nodeCount: Int

  /// Parses a copy of the bytes.
  ///
  /// - Throws: ``JSONError`` for anything that is not exactly one JSON value within the limits.
  public convenience init(_ bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    let largest = min(limits.bytes, JSONLimits.largestText)
    guard bytes.count <= largest else { throw JSONError(.tooLarge, at: largest) }
    let copy = unsafe JSONDocument.copy(bytes)
    let parsed: JSONParser.Nodes
    do {
      parsed = try unsafe JSONParser.parse(copy, count: bytes.count, depthLimit: limits.depth)
    } catch {
      unsafe copy.deallocate()
      throw error
    }
    unsafe self.init(adopting: copy, byteCount: bytes.count, parsed)
  }

  /// Parses the bytes of an array.
  ///
  /// - Throws: ``JSONError`` for anything that is not exactly one JSON value within the limits.
  public convenience init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(bytes.span, limits: limits)
  }

  /// Parses a text.
  ///
  /// - Throws: ``JSONError`` for anything that is not exactly one JSON value within the limits.
  public convenience init(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(Array(text.utf8), limits: limits)
  }

  private init(adopting bytes: UnsafeMutablePointer<UInt8>, byteCount: Int, _ parsed: JSONParser.Nodes) {
    unsafe self.bytes = UnsafePointer(bytes)
    unsafe nodes = UnsafePointer(parsed.pointer)
    self.byteCount = byteCount
    nodeCount = parsed.count
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe free(UnsafeMutableRawPointer(mutating: nodes))
  }

  /// The value that the text is.
  @inlinable public var root: JSONView { JSONView(document: self, index: 0) }

  /// A copy followed by zeros, so that the parser may load eight bytes at any place of the text.
  private static func copy(_ source: Span<UInt8>) -> UnsafeMutablePointer<UInt8> {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: source.count + JSONParser.padding)
    unsafe source.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe copy.initialize(from: base, count: source.count) }
    }
    unsafe (copy + source.count).initialize(repeating: 0, count: JSONParser.padding)
    return unsafe copy
  }
}
