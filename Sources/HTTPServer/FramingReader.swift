/// Collects the fields that decide where a request ends, and refuses what two parties could read in two ways
/// (RFC 9112, sections 3.2, 6 and 11.2).
struct FramingReader {
  var isHTTP11 = true
  private(set) var endsConnection = false
  private var hosts = 0
  private var length: Int?
  private var coding: Coding?
  private var expectation: Expectation?

  private enum Coding {
    case chunked
    /// Chunked over codings that are not known here.
    case unknown
  }

  private enum Expectation {
    case `continue`
    case unknown
  }

  /// Takes note of a field.
  mutating func take(_ field: RequestHead.Field, _ bytes: [UInt8]) throws(HTTPError) {
    let name = bytes[Int(field.name.lowerBound)..<Int(field.name.upperBound)]
    let value = bytes[Int(field.value.lowerBound)..<Int(field.value.upperBound)]
    switch name.count {
    case 4 where name.matches("host"):
      hosts += 1
      guard hosts == 1 else { throw .bad("more than one Host") }
      guard HostRule.isValid(value) else { throw .bad("the Host is malformed") }
    case 6 where name.matches("expect"):
      expectation = value.matches("100-continue") ? .continue : .unknown
    case 10 where name.matches("connection"):
      if value.hasMember("close") { endsConnection = true }
    case 14 where name.matches("content-length"):
      guard length == nil else { throw .bad("more than one Content-Length") }
      length = try Self.readLength(value)
    case 17 where name.matches("transfer-encoding"):
      guard coding == nil else { throw .bad("more than one Transfer-Encoding") }
      coding = try Self.readCoding(value)
    default: break
    }
  }

  /// Decides how the body ends, after the last field.
  mutating func framing(_ limits: Limits) throws(HTTPError) -> RequestHead.Framing {
    // HTTP/1.0 connections are closed after the answer: their keep-alive is an extension with traps of its own.
    if !isHTTP11 { endsConnection = true }
    guard hosts == 1 || !isHTTP11 else { throw .bad("the Host is missing") }
    switch (coding, length) {
    case (.some, .some): throw .bad("both Content-Length and Transfer-Encoding")
    case (.some, nil) where !isHTTP11: throw .bad("HTTP/1.0 has no Transfer-Encoding")
    case (.unknown, nil): throw HTTPError(.notImplemented, "only the transfer coding chunked is known here")
    case (.chunked, nil): return .chunked
    case (nil, nil): return .none
    case (nil, .some(let length)):
      guard length <= limits.bodyBytes else {
        throw HTTPError(.contentTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
      }
      return length == 0 ? .none : .length(length)
    }
  }

  /// Whether the client waits for `100 Continue` (RFC 9110, section 10.1.1; HTTP/1.0 has no such thing).
  func expectsContinue() throws(HTTPError) -> Bool {
    guard isHTTP11, let expectation else { return false }
    guard expectation == .continue else { throw HTTPError(.expectationFailed, "only 100-continue can be expected") }
    return true
  }

  /// Digits and nothing else; a number that no machine holds is too large, not malformed.
  private static func readLength(_ value: ArraySlice<UInt8>) throws(HTTPError) -> Int {
    guard !value.isEmpty, value.allSatisfy(\.isDigit) else { throw .bad("the Content-Length is not a number") }
    return value.reduce(0) { total, digit in
      let (shifted, overflowed) = total.multipliedReportingOverflow(by: 10)
      return overflowed || shifted > Int.max - 9 ? Int.max : shifted + Int(digit - 48)
    }
  }

  private static func readCoding(_ value: ArraySlice<UInt8>) throws(HTTPError) -> Coding {
    if value.matches("chunked") { return .chunked }
    let codings = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(\.trimmed)
    guard let last = codings.last, last.matches("chunked") else {
      throw .bad("the last transfer coding is not chunked, so the body has no end")
    }
    guard !codings.dropLast().contains(where: { $0.isEmpty || $0.matches("chunked") }) else {
      throw .bad("the Transfer-Encoding is malformed")
    }
    return .unknown
  }
}

/// The syntax of `Host` (RFC 9110, section 7.2): a name, an address or a bracketed IPv6 address, then perhaps a port.
enum HostRule {
  static func isValid(_ value: ArraySlice<UInt8>) -> Bool {
    guard let first = value.first else { return false }
    var rest = value
    if first == UInt8(ascii: "[") {
      guard let close = value.firstIndex(of: UInt8(ascii: "]")), close > value.startIndex + 1 else { return false }
      guard value[(value.startIndex + 1)..<close].allSatisfy({ $0.hexValue != nil || $0 == .colon || $0 == 46 }) else {
        return false
      }
      rest = value[(close + 1)...]
      guard !rest.isEmpty else { return true }
      return rest.first == .colon && rest.dropFirst().allSatisfy(\.isDigit)
    }
    let colon = rest.firstIndex(of: .colon) ?? rest.endIndex
    guard colon > rest.startIndex, rest[..<colon].allSatisfy(isNameByte) else { return false }
    return rest[colon...].dropFirst().allSatisfy(\.isDigit)
  }

  /// The bytes of `reg-name` (RFC 3986), but the percent sign's digits are not looked at.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57: true
    default: "-._~%!$&'()*+,;=".utf8.contains(byte)
    }
  }
}
