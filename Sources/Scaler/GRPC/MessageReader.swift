/// Cuts the bytes of a stream into messages: one byte whether it is compressed, four its length, then itself.
struct MessageReader: Sendable {
  /// Bytes of the largest message: a ScaledObject's metadata is a few hundred bytes, and 64 KiB a hundred times that.
  static let defaultLimit = 64 * 1024

  private let limit: Int
  private var bytes: [UInt8] = []
  private var start = 0

  init(limit: Int = MessageReader.defaultLimit) {
    self.limit = limit
  }

  /// Bytes of an unfinished message.
  var waiting: Int { bytes.count - start }

  /// Takes more bytes.
  mutating func append(_ more: [UInt8]) {
    if start == bytes.count {
      bytes = more
    } else {
      bytes = Array(bytes[start...]) + more
    }
    start = 0
  }

  /// The next whole message; nil until more bytes come.
  /// - Throws: `RESOURCE_EXHAUSTED` for a length past the limit, before the message is there; `INTERNAL` or `UNIMPLEMENTED` for a
  ///   compressed message, because no compression was agreed on.
  mutating func next() throws(GRPCStatus) -> [UInt8]? {
    guard bytes.count - start >= 5 else { return nil }
    guard bytes[start] == 0 else {
      throw GRPCStatus(.unimplemented, "the message is compressed; this server accepts identity only")
    }
    let length = bytes[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else {
      throw GRPCStatus(.resourceExhausted, "the message has \(length) bytes; at most \(limit) are taken")
    }
    guard bytes.count - start - 5 >= length else { return nil }
    let message = Array(bytes[(start + 5)..<(start + 5 + length)])
    start += 5 + length
    return message
  }

  /// A message with its prefix.
  static func frame(_ message: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(message.count + 5)
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: message.count >> shift)) }
    return bytes + message
  }
}
