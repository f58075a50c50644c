import Tracing

/// Where traces go, and how many.
struct TracingSettings: Sendable {
  /// A value that cannot be used.
  struct Problem: Error, CustomStringConvertible {
    /// Names the flag, the value and what is accepted.
    let description: String
  }

  /// The collector's `host:port`.
  let endpoint: String
  /// What the collector lets clients in by.
  let token: String?
  /// The share of traces that is made, 0 to 1.
  let samplingRate: Double
  /// Who the spans come from.
  let source: TraceSource

  /// Checks values as they were given.
  init(endpoint: String, token: String?, samplingRate: String, source: TraceSource) throws(Problem) {
    guard let rate = Double(samplingRate), (0...1).contains(rate) else {
      throw Problem(description: "--otel-sampling-rate takes 0 to 1, not \(samplingRate)")
    }
    // Configurations of other exporters have a scheme here.
    let scheme = "http://"
    let address = endpoint.hasPrefix(scheme) ? String(endpoint.dropFirst(scheme.count)) : endpoint
    guard Self.isAddress(address) else {
      throw Problem(description: "--otel-collector-endpoint takes HOST:PORT, not \(endpoint)")
    }
    let token = token?.trimmingPrefix { $0.isWhitespace }
    guard token?.allSatisfy({ $0.isASCII && !$0.isWhitespace }) ?? true else {
      // Not the token itself: logs are read by many.
      throw Problem(description: "--otel-collector-token takes characters of ASCII without spaces")
    }
    (self.endpoint, self.token) = (address, token.map(String.init))
    (self.samplingRate, self.source) = (rate, source)
  }

  private static func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      let port = UInt16(text[text.index(after: colon)...]), port > 0
    else { return false }
    return text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._:[]%".contains($0)) }
  }
}
