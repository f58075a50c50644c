/// Bytes that were received and not yet used: a window into one array that is filled at its end and used from its start.
///
/// The array's elements are all initialised, so a window over them is safe to read and cheap to fill.
public struct InputBuffer: Sendable {
  /// The array behind the window; only `range` of it is meaningful.
  public private(set) var storage: [UInt8] = []
  /// Where the received bytes lie in `storage`.
  public private(set) var range: Range<Int> = 0..<0

  /// Room for a whole TLS record (16 KiB of plain bytes) beside half a head: most requests then need one read.
  static let usualCapacity = 32 * 1024

  /// An empty buffer without memory.
  public init() {}

  /// How many bytes were received and not used.
  public var count: Int { range.count }

  /// Whether everything was used.
  public var isEmpty: Bool { range.isEmpty }

  /// Marks bytes at the start as used.
  public mutating func consume(_ count: Int) {
    range = range.lowerBound + count == range.upperBound ? 0..<0 : (range.lowerBound + count)..<range.upperBound
  }

  /// Marks everything as used.
  public mutating func removeAll() {
    range = 0..<0
  }

  /// Makes room for at least `free` more bytes, by moving the window to the front or by doubling the array.
  mutating func makeRoom(_ free: Int) {
    guard storage.count - range.upperBound < free else { return }
    let needed = count + free
    if needed <= storage.count {
      storage.moveDown(range, to: 0)
    } else {
      var larger = [UInt8](repeating: 0, count: max(Self.usualCapacity, storage.count * 2, needed))
      larger.replaceSubrange(0..<count, with: storage[range])
      storage = larger
    }
    range = 0..<count
  }

  /// Lets a reader fill the free room; it returns how many bytes it has put there.
  mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int) {
    let end = range.upperBound
    let filled = unsafe storage.withUnsafeMutableBytes { bytes in
      unsafe read(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
    }
    range = range.lowerBound..<(end + filled)
  }

  /// Adds bytes at the end, for tests and other sources than sockets.
  mutating func append(_ bytes: some Collection<UInt8>) {
    makeRoom(bytes.count)
    storage.replaceSubrange(range.upperBound..<(range.upperBound + bytes.count), with: bytes)
    range = range.lowerBound..<(range.upperBound + bytes.count)
  }

  /// Moves bytes within the window to a lower place; both are offsets from its start.
  mutating func moveDown(_ source: Range<Int>, to target: Int) {
    let base = range.lowerBound
    storage.moveDown((base + source.lowerBound)..<(base + source.upperBound), to: base + target)
  }

  /// Forgets the bytes at the end of the window beyond `count`.
  mutating func truncate(to count: Int) {
    range = range.lowerBound..<(range.lowerBound + count)
  }

  /// Lends the first bytes of the window.
  func withPrefix<R>(_ count: Int, _ body: (Span<UInt8>) -> R) -> R {
    body(storage.span.extracting(range.lowerBound..<(range.lowerBound + count)))
  }

  /// The byte at an offset from the start of the window.
  subscript(offset: Int) -> UInt8 { storage[range.lowerBound + offset] }
}

extension [UInt8] {
  /// Copies a part of the array to a lower place of it; the two may overlap.
  fileprivate mutating func moveDown(_ source: Range<Int>, to target: Int) {
    precondition(target <= source.lowerBound, "bytes only move down")
    guard target < source.lowerBound, !source.isEmpty else { return }
    unsafe withUnsafeMutableBytes { bytes in
      let destination = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[target..<(target + source.count)])
      unsafe destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[source]))
    }
  }
}
