/// Cuts a stream of bytes into lines, one JSON text each, and never holds more than one unfinished line.
struct LineSplitter: Sendable {
  /// A line of the stream.
  enum Line: Sendable, Equatable {
    /// The bytes without the line feed.
    case text([UInt8])
    /// A line longer than the limit, of which only the length was kept.
    case tooLong(Int)
  }

  private enum State {
    case collecting([UInt8])
    case skipping(Int)
  }

  /// Bytes of the longest line that is kept.
  let limit: Int
  private var state = State.collecting([])

  /// A splitter at the start of a stream.
  ///
  /// - Parameter limit: etcd stores at most 1.5 MiB per object; as JSON with escapes and an envelope it stays below 8 MiB.
  init(limit: Int = 8 << 20) { self.limit = limit }

  /// Takes the next bytes of the stream and answers the lines that they complete; empty lines are left out.
  mutating func take(_ bytes: Span<UInt8>) -> [Line] {
    var lines: [Line] = []
    var start = 0
    for place in bytes.indices where bytes[place] == UInt8(ascii: "\n") {
      grow(bytes.extracting(start..<place))
      if let line = finish() { lines.append(line) }
      start = place + 1
    }
    grow(bytes.extracting(start..<bytes.count))
    return lines
  }

  private mutating func grow(_ bytes: Span<UInt8>) {
    switch state {
    case .skipping(let length): state = .skipping(length + bytes.count)
    case .collecting(var line):
      guard line.count + bytes.count <= limit else {
        state = .skipping(line.count + bytes.count)
        return
      }
      state = .skipping(0)
      unsafe bytes.withUnsafeBufferPointer { unsafe line.append(contentsOf: $0) }
      state = .collecting(line)
    }
  }

  private mutating func finish() -> Line? {
    defer { state = .collecting([]) }
    switch state {
    case .skipping(let length): return .tooLong(length)
    case .collecting(let line): return line.isEmpty ? nil : .text(line)
    }
  }
}
