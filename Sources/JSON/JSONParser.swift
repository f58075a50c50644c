import Glibc

/// One pass over a text that checks it and lists its values.
///
/// There is no stack, neither the thread's nor one of its own: an open container keeps its parent where its end will stand.
@safe struct JSONParser: ~Copyable {
  // Safe because every write of a node goes through `makeRoom`, and the list has one owner: the parser, then whom `parse` gives it to.

  /// Zero bytes that have to stand behind the text; zero is legal nowhere in JSON, so every scan stops there.
  ///
  /// The widest look ahead is a surrogate pair of 12 bytes, then a word of 8 at its end, and each stops at the first zero.
  static let padding = 16

  /// The list that a parse made; the caller frees it.
  @safe struct Nodes {
    // Safe because it only carries the pointer; whoever reads through it says `unsafe`.
    let pointer: UnsafeMutablePointer<JSONNode>
    let count: Int
  }

  private let text: JSONScanner
  private let depthLimit: Int
  private var nodes: UnsafeMutablePointer<JSONNode>
  private var nodeCount = 0
  private var nodeCapacity: Int

  private var place = 0
  private var depth = 0
  /// The innermost open container, and the bracket that closes it.
  private var parent = 0
  private var closing: UInt8 = 0

  /// Parses `count` bytes at `text`, behind which ``padding`` zeros stand.
  static func parse(_ text: UnsafePointer<UInt8>, count: Int, depthLimit: Int) throws(JSONError) -> Nodes {
    var parser = unsafe JSONParser(JSONScanner(start: text, limit: count), depthLimit: depthLimit)
    do {
      try parser.parseText()
    } catch {
      unsafe free(parser.nodes)
      throw error
    }
    return parser.finish()
  }

  @inline(__always) private init(_ text: JSONScanner, depthLimit: Int) {
    self.text = text
    self.depthLimit = depthLimit
    // A Kubernetes object has about one node for ten bytes of text; a denser text grows the list.
    nodeCapacity = text.limit / 8 + 16
    unsafe nodes = JSONParser.reallocate(nil, capacity: nodeCapacity)
    // The outermost value is counted like any other, in the place where it will stand itself.
    unsafe nodes.initialize(to: JSONNode(offset: 0, length: 0, end: 0, info: 0))
  }

  /// Gives back what was reserved and not used, because documents live long in a store.
  @inline(__always) private consuming func finish() -> Nodes {
    let fitting = unsafe JSONParser.reallocate(nodes, capacity: nodeCount)
    return unsafe Nodes(pointer: fitting, count: nodeCount)
  }

  @inline(never) private static func reallocate(
    _ old: UnsafeMutablePointer<JSONNode>?, capacity: Int
  ) -> UnsafeMutablePointer<JSONNode> {
    guard let memory = unsafe realloc(old, capacity * MemoryLayout<JSONNode>.stride) else {
      preconditionFailure("out of memory for \(capacity) JSON nodes")
    }
    return unsafe memory.assumingMemoryBound(to: JSONNode.self)
  }

  /// Makes room for an item: a name and a value.
  ///
  /// The one place where the list may move, because each other would cost the loop a register.
  @inline(__always) private mutating func makeRoom() {
    guard nodeCapacity &- nodeCount < 2 else { return }
    nodeCapacity *= 2
    unsafe nodes = JSONParser.reallocate(nodes, capacity: nodeCapacity)
  }

  /// Adds a node in room that was made.
  ///
  /// Sums wrap unchecked here and below: an offset fits 32 bits by the limit on the text, there are fewer nodes than bytes, and no
  /// place is beyond the padding.
  @inline(__always) private mutating func append(offset: Int, length: Int, info: UInt32) {
    let node = JSONNode(
      offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length),
      end: UInt32(truncatingIfNeeded: nodeCount &+ 1), info: info)
    unsafe (nodes + nodeCount).initialize(to: node)
    nodeCount &+= 1
  }
}

extension JSONParser {
  @inline(__always) private mutating func parseText() throws(JSONError) {
    place = text.skipWhiteSpace(place)
    repeat {
      let opened = try parseItem()
      // Behind an opening bracket stands the first item, or the closing bracket at once.
      if opened, text[place] != closing { continue }
      try closeFinished()
    } while depth > 0
    place = text.skipWhiteSpace(place)
    guard place == text.limit else { throw JSONError(.trailingBytes, at: place) }
  }

  /// Parses the value at `place`, with its name in an object; answers whether it opened a container.
  @inline(__always) private mutating func parseItem() throws(JSONError) -> Bool {
    makeRoom()
    if closing == UInt8(ascii: "}") { try parseName() }
    unsafe nodes[parent].info &+= 1 << JSONNode.countShift
    let first = text[place]
    switch first {
    case UInt8(ascii: "\""): try parseString()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try open(first == UInt8(ascii: "{") ? .object : .array)
      return true
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try append(.number, to: text.numberEnd(place))
    case UInt8(ascii: "t"): try append(.bool, to: text.literalEnd(place, "true"))
    case UInt8(ascii: "f"): try append(.bool, to: text.literalEnd(place, "false"))
    case UInt8(ascii: "n"): try append(.null, to: text.literalEnd(place, "null"))
    default: throw text.unexpected(at: place)
    }
    return false
  }

  /// Closes every container that ends here, up to a comma or to the end of the outermost.
  @inline(__always) private mutating func closeFinished() throws(JSONError) {
    while depth > 0 {
      place = text.skipWhiteSpace(place)
      let next = text[place]
      if next == UInt8(ascii: ",") {
        place = text.skipWhiteSpace(place &+ 1)
        return
      }
      guard next == closing else { throw text.unexpected(at: place) }
      close()
    }
  }

  @inline(__always) private mutating func parseName() throws(JSONError) {
    guard text[place] == UInt8(ascii: "\"") else { throw text.unexpected(at: place) }
    try parseString()
    place = text.skipWhiteSpace(place)
    guard text[place] == UInt8(ascii: ":") else { throw text.unexpected(at: place) }
    place = text.skipWhiteSpace(place &+ 1)
  }

  @inline(__always) private mutating func parseString() throws(JSONError) {
    let first = place &+ 1
    let end = try text.stringEnd(first)
    let info = UInt32(JSONKind.string.rawValue) | (end.hasEscapes ? JSONNode.escaped : 0)
    append(offset: first, length: end.place &- first, info: info)
    place = end.place &+ 1
  }

  @inline(__always) private mutating func append(_ kind: JSONKind, to end: Int) {
    append(offset: place, length: end &- place, info: UInt32(kind.rawValue))
    place = end
  }

  @inline(__always) private mutating func open(_ kind: JSONKind) throws(JSONError) {
    guard depth < depthLimit else { throw JSONError(.tooDeep, at: place) }
    depth &+= 1
    append(offset: place, length: 0, info: UInt32(kind.rawValue))
    unsafe nodes[nodeCount &- 1].end = UInt32(truncatingIfNeeded: parent)
    parent = nodeCount &- 1
    closing = kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
    place = text.skipWhiteSpace(place &+ 1)
  }

  @inline(__always) private mutating func close() {
    place &+= 1
    depth &-= 1
    let outer = unsafe Int(nodes[parent].end)
    unsafe nodes[parent].length = UInt32(truncatingIfNeeded: place) &- nodes[parent].offset
    unsafe nodes[parent].end = UInt32(truncatingIfNeeded: nodeCount)
    parent = outer
    closing = unsafe nodes[outer].kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
  }
}
