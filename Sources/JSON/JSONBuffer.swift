/// Bytes that are written from front to back and used again.
///
/// The memory is initialised throughout, so that to write is to check for room and to store.
struct JSONBuffer: Sendable {
  /// Only the first `count` bytes are what was written.
  private var storage: [UInt8]
  /// How many bytes were written.
  private(set) var count: Int

  /// A buffer that goes on behind bytes, in their memory.
  init(_ bytes: consuming [UInt8] = []) {
    count = bytes.count
    storage = bytes
  }

  /// A copy of what was written.
  var bytes: [UInt8] { Array(storage[..<count]) }

  /// Lends what was written.
  @inline(__always) func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(storage.span.extracting(first: count))
  }

  /// Hands the memory over.
  consuming func finish() -> [UInt8] {
    storage.removeLast(storage.count - count)
    return storage
  }

  /// Forgets what was written behind the first bytes, and keeps the memory.
  mutating func truncate(to kept: Int) {
    precondition((0...count).contains(kept), "a buffer only shrinks to what it has")
    count = kept
  }

  /// Makes room for a number of bytes, so that a buffer grows once.
  mutating func reserve(_ room: Int) {
    guard storage.count - count < room else { return }
    let size = max(storage.capacity, storage.count * 2, count + room, 64)
    storage.append(contentsOf: repeatElement(0, count: size - storage.count))
  }

  /// Lends room for at most `room` bytes; the body answers how many of them it has written.
  @inline(__always) mutating func fill(_ room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    if storage.count &- count < room { reserve(room) }
    count = unsafe storage.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return count }
      return unsafe count &+ body(start + count)
    }
  }

  /// Writes a byte.
  @inline(__always) mutating func append(_ byte: UInt8) {
    unsafe fill(1) { target in
      unsafe target.initialize(to: byte)
      return 1
    }
  }

  /// Writes bytes.
  @inline(__always) @unsafe mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    guard let start = source.baseAddress else { return }
    unsafe fill(source.count) { target in
      unsafe target.update(from: start, count: source.count)
      return source.count
    }
  }
}
