import Glibc

/// Splits what comes out of a descriptor into lines, waiting no longer than it is told.
struct LineReader: ~Copyable, Sendable {
  enum Step {
    case line(String)
    case end
    /// The time was up; what of the line had come.
    case late(String)
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var hasEnded = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  mutating func nextLine(until deadline: ContinuousClock.Instant) -> Step {
    while true {
      if let feed = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[..<feed], as: UTF8.self)
        buffer.removeSubrange(...feed)
        return .line(line)
      }
      if hasEnded { return buffer.isEmpty ? .end : .line(takeRest()) }
      guard wait(for: [descriptor], until: deadline) else { return .late(String(decoding: buffer, as: UTF8.self)) }
      readOnce()
    }
  }

  /// Keeps reading until `other` becomes readable; false when the time was up first.
  mutating func readUntilReadable(_ other: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      guard wait(for: hasEnded ? [other] : [descriptor, other], until: deadline) else { return false }
      if wait(for: [other], until: .now) {
        // What was written before the end is in the pipe by now; a grandchild may hold the pipe open.
        while !hasEnded, wait(for: [descriptor], until: .now) { readOnce() }
        return true
      }
      readOnce()
    }
  }

  /// Everything that was read and not yet taken.
  mutating func takeRest() -> String {
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  private mutating func readOnce() {
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { return }
    guard count > 0 else {
      hasEnded = true
      return
    }
    buffer.append(contentsOf: chunk[..<count])
  }

  /// Whether one of the descriptors has something, or an end, to read before the deadline.
  private func wait(for descriptors: [Int32], until deadline: ContinuousClock.Instant) -> Bool {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let left = max(.zero, ContinuousClock.now.duration(to: deadline))
      let count = unsafe poll(&entries, nfds_t(entries.count), Int32((left / .milliseconds(1)).rounded(.up)))
      if count < 0 && errno == EINTR { continue }
      return count > 0
    }
  }
}
