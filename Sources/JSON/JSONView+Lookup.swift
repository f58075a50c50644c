extension JSONView {
  /// The member of an object by name; of two with the same name the last.
  public subscript(name: String) -> JSONView? {
    member(name, of: index).map { JSONView(document: document, index: $0) }
  }

  /// The element of an array by its position; walks the elements before it.
  public subscript(position: Int) -> JSONView? {
    let array = node
    guard array.kind == .array, position >= 0, position < array.count else { return nil }
    var place = index + 1
    for _ in 0..<position { place = unsafe Int(document.nodes[place].end) }
    return JSONView(document: document, index: place)
  }

  /// The node of a member's value.
  func member(_ name: String, of index: Int) -> Int? {
    let object = unsafe document.nodes[index]
    guard object.isObject else { return nil }
    // Lent in place: a copy of the name would count references for each look.
    let found = unsafe name.utf8.withContiguousStorageIfAvailable { unsafe find(JSONKey($0), index, object) }
    if let found { return found }
    var name = name
    return name.withUTF8 { unsafe find(JSONKey($0), index, object) }
  }

  /// The node of the last value behind a name.
  @inline(__always) private func find(_ key: JSONKey, _ index: Int, _ object: JSONNode) -> Int? {
    let nodes = unsafe document.nodes
    let bytes = unsafe document.bytes
    // The root is nobody's member, so zero means none.
    var found = 0
    var place = index &+ 1
    let end = Int(object.end)
    while place < end {
      if unsafe key.matches(nodes[place], in: bytes) { found = place &+ 1 }
      place = unsafe Int(nodes[place &+ 1].end)
    }
    return found == 0 ? nil : found
  }

  /// Whether a string node has the given text.
  func matches(_ node: JSONNode, _ text: String) -> Bool {
    var text = text
    return text.withUTF8 { unsafe JSONKey($0).matches(node, in: document.bytes) }
  }
}

/// A text that is compared with many strings of a document: by length and first eight bytes, and only then in full.
@safe private struct JSONKey {
  // Safe because a key lives only while its text is lent.
  private let text: UnsafeBufferPointer<UInt8>
  private let head: UInt64
  private let mask: UInt64

  @inline(__always) init(_ text: UnsafeBufferPointer<UInt8>) {
    unsafe self.text = text
    var head: UInt64 = 0
    if let base = text.baseAddress, text.count >= 8 {
      head = unsafe UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(as: UInt64.self))
      mask = .max
    } else {
      for place in text.indices.reversed() { unsafe head = head << 8 | UInt64(text[place]) }
      mask = 1 << UInt64(text.count * 8) - 1
    }
    self.head = head
  }

  /// Whether a string node has the text.
  @inline(__always) func matches(_ node: JSONNode, in bytes: UnsafePointer<UInt8>) -> Bool {
    if node.hasEscapes { return unsafe matchesEscaped(node, in: bytes) }
    guard unsafe Int(node.length) == text.count else { return false }
    let other = unsafe bytes + Int(node.offset)
    // Zeros stand behind a document, so eight bytes can be read at any place of it.
    let word = unsafe UInt64(littleEndian: UnsafeRawPointer(other).loadUnaligned(as: UInt64.self))
    guard word & mask == head else { return false }
    guard let base = unsafe text.baseAddress, node.length > 8 else { return true }
    return unsafe equalBytes(base + 8, other + 8, text.count - 8)
  }

  @inline(never) @unsafe private func matchesEscaped(_ node: JSONNode, in bytes: UnsafePointer<UInt8>) -> Bool {
    // An escape is longer than what it stands for, so a string of this length or less is another.
    guard unsafe Int(node.length) > text.count else { return false }
    let source = unsafe UnsafeBufferPointer(start: bytes + Int(node.offset), count: Int(node.length))
    let decoded = unsafe JSONEscapes.decode(source)
    return unsafe decoded.utf8.elementsEqual(text)
  }
}
