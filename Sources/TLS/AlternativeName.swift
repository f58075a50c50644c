internal import COpenSSL
internal import Glibc

/// A name that a server certificate covers: a host name or an address.
public enum AlternativeName: Sendable, Hashable, CustomStringConvertible {
  /// A DNS name in ASCII, perhaps with a leading `*.`.
  case dns(String)
  /// An IPv4 or IPv6 address in its usual text form.
  case address(String)

  /// Reads a DNS name or an IP address.
  /// - Throws: `.malformedName` for anything else: labels of 1 to 63 letters, digits, hyphens and underscores, at most
  ///   253 characters in all (RFC 1123), the first label `*` at most.
  public init(_ text: String) throws(TLSError) {
    if Self.octets(of: text) != nil {
      self = .address(text)
      return
    }
    guard Self.isDNSName(text) else {
      throw TLSError(code: .malformedName, reason: "\"\(text)\" is neither a DNS name nor an IP address")
    }
    self = .dns(text.lowercased())
  }

  /// The text of an address of 4 or 16 octets; `nil` for other lengths.
  init?(octets: [UInt8]) {
    let family: Int32
    switch octets.count {
    case 4: family = AF_INET
    case 16: family = AF_INET6
    default: return nil
    }
    var text = [CChar](repeating: 0, count: 64)
    guard unsafe inet_ntop(family, octets, &text, 64) != nil else { return nil }
    self = .address(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// The name or address itself.
  public var description: String {
    switch self {
    case .dns(let text), .address(let text): text
    }
  }

  /// OpenSSL's syntax for a subjectAltName entry; safe to join with commas because the text was checked in init.
  var extensionText: String {
    switch self {
    case .dns(let text): "DNS:\(text)"
    case .address(let text): "IP:\(text)"
    }
  }

  private static func octets(of text: String) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, text, &octets) == 1 { return Array(octets.prefix(4)) }
    return unsafe inet_pton(AF_INET6, text, &octets) == 1 ? octets : nil
  }

  private static func isDNSName(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return labels.enumerated().allSatisfy { index, label in
      if index == 0, label == "*", labels.count > 1 { return true }
      return (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy(Self.isLabelByte)
    }
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
