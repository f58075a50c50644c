import Glibc

/// One pass over a text that checks it and lists its values.
///
/// Nesting is kept on a stack of its own and not on the thread's, so the depth limit is the only limit.
@safe struct JSONParser: ~Copyable {
  /// Zero bytes that have to stand behind the text; zero is legal nowhere in JSON, so every scan stops there.
  static let padding = 16

  /// The list that a parse made; the caller frees it.
  @safe struct Nodes {
    let pointer: UnsafeMutablePointer<JSONNode>
    let count: Int
  }

  let start: UnsafePointer<UInt8>
  let limit: Int
  let depthLimit: Int
  var position = 0

  private var nodes: UnsafeMutablePointer<JSONNode>
  private var nodeCount = 0
  private var nodeCapacity: Int
  private var open: UnsafeMutablePointer<UInt32>
  private var depth = 0

  /// Parses `count` bytes at `text`, behind which ``padding`` zeros stand.
  static func parse(_ text: UnsafePointer<UInt8>, count: Int, depthLimit: Int) throws(JSONError) -> Nodes {
    var parser = unsafe JSONParser(text, count: count, depthLimit: depthLimit)
    do {
      try parser.parseText()
    } catch {
      parser.discard()
      throw error
    }
    return parser.finish()
  }

  private init(_ text: UnsafePointer<UInt8>, count: Int, depthLimit: Int) {
    unsafe start = text
    limit = count
    self.depthLimit = depthLimit
    // A Kubernetes object has about one node for eight bytes of text; a denser text grows the list.
    nodeCapacity = count / 8 + 16
    unsafe nodes = JSONParser.reallocate(nil, capacity: nodeCapacity)
    unsafe open = UnsafeMutablePointer.allocate(capacity: max(depthLimit, 1))
  }

  private mutating func discard() {
    unsafe free(nodes)
    unsafe open.deallocate()
  }

  /// Gives back what was reserved and not used, because documents live long in a store.
  private mutating func finish() -> Nodes {
    unsafe open.deallocate()
    if nodeCount < nodeCapacity { unsafe nodes = JSONParser.reallocate(nodes, capacity: nodeCount) }
    return unsafe Nodes(pointer: nodes, count: nodeCount)
  }

  private static func reallocate(_ old: UnsafeMutablePointer<JSONNode>?, capacity: Int) -> UnsafeMutablePointer<
    JSONNode
  > {
    guard let memory = unsafe realloc(old, capacity * MemoryLayout<JSONNode>.stride) else {
      preconditionFailure("out of memory for \(capacity) JSON nodes")
    }
    return unsafe memory.assumingMemoryBound(to: JSONNode.self)
  }

  @inline(__always) func byte(at place: Int) -> UInt8 { unsafe start[place] }

  @inline(__always) private mutating func append(offset: Int, length: Int, info: UInt32) {
    if nodeCount == nodeCapacity {
      nodeCapacity *= 2
      unsafe nodes = JSONParser.reallocate(nodes, capacity: nodeCapacity)
    }
    let node = JSONNode(
      offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length),
      end: UInt32(truncatingIfNeeded: nodeCount + 1), info: info)
    unsafe (nodes + nodeCount).initialize(to: node)
    nodeCount += 1
  }
}

extension JSONParser {
  fileprivate mutating func parseText() throws(JSONError) {
    skipWhiteSpace()
    try parseValue()
    while depth > 0 { try parseNext() }
    skipWhiteSpace()
    guard position == limit else { throw JSONError(.trailingBytes, at: position) }
  }

  /// Parses a scalar, or the opening of a container.
  @inline(__always) private mutating func parseValue() throws(JSONError) {
    switch byte(at: position) {
    case UInt8(ascii: "\""): try parseString()
    case UInt8(ascii: "{"): try openContainer(.object)
    case UInt8(ascii: "["): try openContainer(.array)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
    case UInt8(ascii: "t"): try parseLiteral("true", .bool)
    case UInt8(ascii: "f"): try parseLiteral("false", .bool)
    case UInt8(ascii: "n"): try parseLiteral("null", .null)
    default: throw unexpected()
    }
  }

  /// Parses the next element, member or closing bracket of the innermost open container.
  @inline(__always) private mutating func parseNext() throws(JSONError) {
    let parent = unsafe Int(open[depth - 1])
    let isObject = unsafe nodes[parent].info & 0b111 == UInt32(JSONKind.object.rawValue)
    skipWhiteSpace()
    let isFirst = unsafe nodes[parent].info >> JSONNode.countShift == 0
    if byte(at: position) == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      closeContainer(parent)
      return
    }
    if !isFirst {
      guard byte(at: position) == UInt8(ascii: ",") else { throw unexpected() }
      position += 1
      skipWhiteSpace()
    }
    if isObject { try parseName() }
    unsafe nodes[parent].info += 1 << JSONNode.countShift
    try parseValue()
  }

  @inline(__always) private mutating func parseName() throws(JSONError) {
    guard byte(at: position) == UInt8(ascii: "\"") else { throw unexpected() }
    try parseString()
    skipWhiteSpace()
    guard byte(at: position) == UInt8(ascii: ":") else { throw unexpected() }
    position += 1
    skipWhiteSpace()
  }

  @inline(__always) private mutating func openContainer(_ kind: JSONKind) throws(JSONError) {
    guard depth < depthLimit else { throw JSONError(.tooDeep, at: position) }
    unsafe open[depth] = UInt32(truncatingIfNeeded: nodeCount)
    depth += 1
    append(offset: position, length: 0, info: UInt32(kind.rawValue))
    position += 1
  }

  @inline(__always) private mutating func closeContainer(_ node: Int) {
    position += 1
    unsafe nodes[node].length = UInt32(truncatingIfNeeded: position) - nodes[node].offset
    unsafe nodes[node].end = UInt32(truncatingIfNeeded: nodeCount)
    depth -= 1
  }

  private mutating func parseLiteral(_ word: StaticString, _ kind: JSONKind) throws(JSONError) {
    let length = word.utf8CodeUnitCount
    for index in 0..<length {
      guard unsafe byte(at: position + index) == word.utf8Start[index] else {
        position += index
        throw unexpected()
      }
    }
    append(offset: position, length: length, info: UInt32(kind.rawValue))
    position += length
  }

  private mutating func parseNumber() throws(JSONError) {
    let first = position
    if byte(at: position) == UInt8(ascii: "-") { position += 1 }
    if byte(at: position) == UInt8(ascii: "0") {
      position += 1
    } else {
      try skipDigits()
    }
    if byte(at: position) == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if byte(at: position) | 0x20 == UInt8(ascii: "e") {
      position += 1
      if byte(at: position) == UInt8(ascii: "+") || byte(at: position) == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
    append(offset: first, length: position - first, info: UInt32(JSONKind.number.rawValue))
  }

  /// Skips one digit or more.
  private mutating func skipDigits() throws(JSONError) {
    let first = position
    while byte(at: position) &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > first else { throw JSONError(position >= limit ? .unexpectedEnd : .malformedNumber, at: position) }
  }

  @inline(__always) private mutating func parseString() throws(JSONError) {
    position += 1
    let first = position
    let escaped = try skipString()
    let info = UInt32(JSONKind.string.rawValue) | (escaped ? JSONNode.escaped : 0)
    append(offset: first, length: position - first, info: info)
    position += 1
  }

  @inline(__always) private mutating func skipWhiteSpace() {
    while true {
      let next = byte(at: position)
      // Every byte above the blank, and so nearly every byte of a compact text, leaves at the first comparison.
      guard next <= 0x20, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 else { return }
      position += 1
    }
  }

  fileprivate func unexpected() -> JSONError {
    JSONError(position >= limit ? .unexpectedEnd : .unexpectedByte, at: min(position, limit))
  }
}
