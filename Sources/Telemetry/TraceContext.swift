/// Which span of which trace caused something, as one process tells another.
public struct TraceContext: Hashable, Sendable {
  /// The trace.
  public let traceID: TraceID
  /// The span within it.
  public let spanID: SpanID
  /// Whether the span's process records it.
  public let isSampled: Bool

  /// Creates a context.
  public init(traceID: TraceID, spanID: SpanID, isSampled: Bool) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
  }

  /// Reads `00-<32 hex>-<16 hex>-<2 hex>`, or nothing when the text is of any other form.
  ///
  /// W3C Trace Context, section 3.2.2: version `00` has exactly four parts of exact lengths, in lower-case hex, and
  /// neither id is zero. Of the flags only the lowest bit, "sampled", has a meaning; the others are ignored.
  public init?(traceparent: String) {
    let parts = traceparent.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].elementsEqual("00".utf8), parts[1].count == 32, parts[2].count == 16,
      parts[3].count == 2,
      let high = Self.number(parts[1].prefix(16)), let low = Self.number(parts[1].suffix(16)),
      let span = Self.number(parts[2]), let flags = Self.number(parts[3]),
      let traceID = TraceID(high: high, low: low), let spanID = SpanID(span)
    else { return nil }
    self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1)
  }

  /// The text that ``init(traceparent:)`` reads, with the flags `01` or `00`.
  public var traceparent: String {
    "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")"
  }

  /// At most 16 lower-case hex digits.
  private static func number(_ digits: Substring.UTF8View) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }
}
