/// Undoes the chunked transfer coding (RFC 9112, section 7.1) in place: the body grows at the front of the buffer while
/// sizes, extensions and trailers are cut out.
///
/// Strict: sizes are 1 to 8 hexadecimal digits, lines end with CR LF, extensions are bounded and ignored, trailers are
/// checked as fields, bounded and dropped.
struct ChunkedDecoder {
  private enum State {
    case size
    case data(remaining: Int)
    case dataEnd
    case trailers
    case done
  }

  /// A size line: 8 digits and an extension of any sensible length.
  private static let sizeLineLimit = 256

  private var state = State.size
  private var trailerBytes = 0
  /// Bytes decoded in all, also those that were taken away since.
  private(set) var total = 0
  /// Bytes of the body at the front of the buffer.
  private(set) var decoded = 0

  /// Decodes what the buffer holds.
  /// - Returns: Whether the body is complete; then `decoded` bytes of it are at the front, and what follows them is the
  ///   next request's.
  /// - Throws: An `HTTPError` for malformed chunks (400) and for a body beyond the limit (413).
  mutating func decode(_ buffer: inout InputBuffer, limits: Limits) throws(HTTPError) -> Bool {
    var raw = decoded
    defer {
      buffer.moveDown(raw..<buffer.count, to: decoded)
      buffer.truncate(to: buffer.count - (raw - decoded))
    }
    while try step(&buffer, &raw, limits) {}
    if case .done = state { return true }
    return false
  }

  /// Takes the decoded bytes away, for bodies that nobody wants.
  mutating func discard(_ buffer: inout InputBuffer) {
    buffer.consume(decoded)
    decoded = 0
  }

  /// Advances by one line or run of data; returns whether another step may be possible.
  private mutating func step(_ buffer: inout InputBuffer, _ raw: inout Int, _ limits: Limits) throws(HTTPError) -> Bool
  {
    switch state {
    case .size:
      guard let line = try Self.line(buffer, raw, limit: Self.sizeLineLimit) else { return false }
      let size = try Self.size(buffer, line)
      guard total + size <= limits.bodyBytes else {
        throw HTTPError(.contentTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
      }
      state = size == 0 ? .trailers : .data(remaining: size)
      raw = line.upperBound + 2
      return true
    case .data(let remaining): return move(&buffer, &raw, remaining)
    case .dataEnd:
      guard buffer.count - raw >= 2 else { return false }
      guard buffer[raw] == .carriageReturn, buffer[raw + 1] == .lineFeed else {
        throw .bad("a chunk is longer than its size")
      }
      raw += 2
      state = .size
      return true
    case .trailers: return try trailer(&buffer, &raw, limits)
    case .done: return false
    }
  }

  private mutating func move(_ buffer: inout InputBuffer, _ raw: inout Int, _ remaining: Int) -> Bool {
    let count = min(remaining, buffer.count - raw)
    guard count > 0 else { return false }
    buffer.moveDown(raw..<(raw + count), to: decoded)
    decoded += count
    total += count
    raw += count
    state = count == remaining ? .dataEnd : .data(remaining: remaining - count)
    return true
  }

  private mutating func trailer(_ buffer: inout InputBuffer, _ raw: inout Int, _ limits: Limits) throws(HTTPError)
    -> Bool
  {
    let left = limits.trailerBytes - trailerBytes
    guard let line = try Self.line(buffer, raw, limit: left) else { return false }
    trailerBytes += line.count + 2
    raw = line.upperBound + 2
    if line.isEmpty {
      state = .done
      return false
    }
    let base = buffer.range.lowerBound
    _ = try RequestHead.Field(buffer.storage.span, (base + line.lowerBound)..<(base + line.upperBound))
    return true
  }

  /// The line from `start` without its CR LF, or `nil` while its end has not come.
  private static func line(_ buffer: InputBuffer, _ start: Int, limit: Int) throws(HTTPError) -> Range<Int>? {
    var index = start
    let bound = min(buffer.count, start + limit)
    while index < bound {
      if buffer[index] == .lineFeed { throw .bad("a line ends without CR") }
      if buffer[index] == .carriageReturn {
        guard index + 1 < buffer.count else { return nil }
        guard buffer[index + 1] == .lineFeed else { throw .bad("a CR without LF") }
        return start..<index
      }
      index += 1
    }
    guard buffer.count - start < limit else { throw .bad("a chunk's size line or the trailers are too long") }
    return nil
  }

  /// Reads `chunk-size [ chunk-ext ]`.
  private static func size(_ buffer: InputBuffer, _ line: Range<Int>) throws(HTTPError) -> Int {
    var size = 0
    var index = line.lowerBound
    while index < line.upperBound, let digit = buffer[index].hexValue {
      size = size * 16 + digit
      index += 1
      guard index - line.lowerBound <= 8 else { throw .bad("a chunk size has more than 8 digits") }
    }
    guard index > line.lowerBound else { throw .bad("a chunk size is not a hexadecimal number") }
    guard index < line.upperBound else { return size }
    guard buffer[index] == UInt8(ascii: ";") else { throw .bad("a chunk size is followed by something else") }
    for position in index..<line.upperBound where !buffer[position].isFieldValue {
      throw .bad("a chunk extension has a control byte")
    }
    return size
  }
}
