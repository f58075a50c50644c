/// The method, target and fields of one request.
///
/// A head owns a copy of its bytes in storage that its connection uses again for the next request, so keeping a head
/// costs a copy and reading one costs nothing.
public struct RequestHead: Sendable {
  /// Where a field lies in `bytes`; a head is at most 64 KiB.
  struct Field: Sendable {
    let name: Range<UInt16>
    let value: Range<UInt16>
  }

  /// How the end of the body is found (RFC 9112, section 6.3).
  enum Framing: Sendable, Equatable {
    /// Neither length nor coding: there is no body.
    case none
    /// So many bytes.
    case length(Int)
    /// The chunked coding.
    case chunked
  }

  /// The method.
  public internal(set) var method = Method.get
  /// When the first byte of the request had arrived: what deadlines are counted from.
  public internal(set) var receivedAt = ContinuousClock.Instant.now
  /// The subject of the certificate that the client has proven, as RFC 2253 text.
  public internal(set) var clientSubject: String?

  var bytes: [UInt8] = []
  var fields: [Field] = []
  var pathRange: Range<UInt16> = 0..<0
  var queryRange: Range<UInt16>?
  var framing = Framing.none
  var expectsContinue = false
  var isHTTP11 = true
  /// Whether the connection ends with the answer: asked for, or HTTP/1.0.
  var endsConnection = false

  init() {}

  /// The path as sent, percent signs and all; `/` for a URL without one.
  public var path: String { pathRange.isEmpty ? "/" : text(pathRange) }

  /// What follows the question mark, as sent; `nil` without one.
  public var query: String? { queryRange.map(text) }

  /// The first value of a field, whatever the case of its name.
  public subscript(name: StaticString) -> String? {
    value(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The query parameters in order, with `+` and percent escapes undone.
  public var queryItems: [(name: String, value: String)] {
    guard let queryRange else { return [] }
    return bytes[Int(queryRange.lowerBound)..<Int(queryRange.upperBound)].split(separator: UInt8(ascii: "&")).map {
      item in
      let equals = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
      return (PercentEncoding.decode(item[..<equals]), PercentEncoding.decode(item[equals...].dropFirst()))
    }
  }

  var pathBytes: ArraySlice<UInt8> {
    pathRange.isEmpty ? [UInt8(ascii: "/")] : bytes[Int(pathRange.lowerBound)..<Int(pathRange.upperBound)]
  }

  func value(of name: StaticString) -> ArraySlice<UInt8>? {
    for field in fields
    where field.name.count == name.utf8CodeUnitCount
      && bytes[Int(field.name.lowerBound)..<Int(field.name.upperBound)].matchesName(name)
    {
      return bytes[Int(field.value.lowerBound)..<Int(field.value.upperBound)]
    }
    return nil
  }

  private func text(_ range: Range<UInt16>) -> String {
    String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// Whether the bytes are this field name; both in any case.
  fileprivate func matchesName(_ name: StaticString) -> Bool {
    var position = 0
    for byte in self {
      guard unsafe byte.lowercased == name.utf8Start[position].lowercased else { return false }
      position += 1
    }
    return true
  }
}

/// The escapes of query strings (`application/x-www-form-urlencoded`).
enum PercentEncoding {
  /// Undoes `+` and `%41`; a percent sign without two hexadecimal digits stays.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap(\.hexValue)
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        decoded.append(UInt8(digits[0] * 16 + digits[1]))
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte == UInt8(ascii: "+") ? .space : byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
