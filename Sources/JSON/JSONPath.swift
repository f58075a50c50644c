/// The way to a value while a document is walked: one step down, work there, back up.
///
/// Bytes and not a list of texts, because most places that a walk visits never need a pointer of their own.
struct JSONPath {
  /// A place on the way, to come back to.
  struct Mark {
    fileprivate let count: Int
  }

  private var buffer = JSONBuffer()

  /// Whether this is the whole document.
  var isRoot: Bool { buffer.count == 0 }

  /// The pointer to the place.
  var pointer: JSONPointer {
    buffer.withBytes { bytes in
      unsafe bytes.withUnsafeBufferPointer { unsafe JSONPointer(escaped: String(decoding: $0, as: UTF8.self)) }
    }
  }

  /// The pointer to a child of the place.
  mutating func pointer(to token: String) -> JSONPointer {
    let mark = descend(token)
    defer { ascend(to: mark) }
    return pointer
  }

  /// Goes to a child; answers where the way back leads.
  mutating func descend(_ token: String) -> Mark {
    let mark = Mark(count: buffer.count)
    var token = token
    token.withUTF8 { units in
      unsafe buffer.fill(JSONStep.room(units.count)) { unsafe JSONStep.write(units, to: $0) }
    }
    return mark
  }

  /// Goes back up.
  mutating func ascend(to mark: Mark) { buffer.truncate(to: mark.count) }
}

/// A step of a pointer as text: a slash, then the name with escapes (RFC 6901 section 3).
enum JSONStep {
  /// The most bytes that a name of `count` bytes takes.
  static func room(_ count: Int) -> Int { 1 + 2 * count }

  /// Writes a step to ``room(_:)`` bytes; answers how many it took.
  @inline(__always) @unsafe static func write(
    _ units: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    unsafe target[0] = UInt8(ascii: "/")
    // There is room for every byte as an escape, so no sum is checked.
    var end = 1
    for place in units.indices {
      let unit = unsafe units[place]
      let isEscaped = unit == UInt8(ascii: "~") || unit == UInt8(ascii: "/")
      unsafe target[end] = isEscaped ? UInt8(ascii: "~") : unit
      end &+= 1
      guard isEscaped else { continue }
      unsafe target[end] = unit == UInt8(ascii: "~") ? UInt8(ascii: "0") : UInt8(ascii: "1")
      end &+= 1
    }
    return end
  }
}
