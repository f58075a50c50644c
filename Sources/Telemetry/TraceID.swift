/// The 16 bytes that name a trace; never all zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
  let high: UInt64
  let low: UInt64

  /// Creates an id from its halves, or nothing when both are zero, which W3C Trace Context calls invalid.
  public init?(high: UInt64, low: UInt64) {
    guard high != 0 || low != 0 else { return nil }
    self.high = high
    self.low = low
  }

  /// The id as it is sent: 16 bytes, the highest first.
  public var bytes: [UInt8] { networkBytes(of: high) + networkBytes(of: low) }

  /// 32 lower-case hex digits.
  public var description: String {
    hexText(of: high) + hexText(of: low)
  }
}

/// The 8 bytes that name a span within a trace; never all zero.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
  let value: UInt64

  /// Creates an id, or nothing for zero, which W3C Trace Context calls invalid.
  public init?(_ value: UInt64) {
    guard value != 0 else { return nil }
    self.value = value
  }

  /// The id as it is sent: 8 bytes, the highest first.
  public var bytes: [UInt8] { networkBytes(of: value) }

  /// 16 lower-case hex digits.
  public var description: String {
    hexText(of: value)
  }
}

private func networkBytes(of value: UInt64) -> [UInt8] {
  stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func hexText(of value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
