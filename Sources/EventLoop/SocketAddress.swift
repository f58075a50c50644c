internal import CLinux
internal import Glibc

/// A numeric IPv4 or IPv6 address with a port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address bytes in network order: 4 for IPv4, 16 for IPv6.
  public let octets: [UInt8]
  /// The port; 0 asks the kernel for a free one.
  public let port: UInt16

  /// Makes an address of 4 or 16 octets.
  public init(octets: [UInt8], port: UInt16) {
    precondition(octets.count == 4 || octets.count == 16, "an address has 4 or 16 octets")
    self.octets = octets
    self.port = port
  }

  /// Reads `host:port`, where the host is an IPv4 address, an IPv6 address in brackets, `localhost`, or empty for every
  /// interface over both families.
  /// - Throws: A `SystemError` that quotes the text when it is none of these; names are not resolved, because a server
  ///   binds to an interface, not to a name.
  public init(_ text: String) throws(SystemError) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw SystemError(code: .invalid, operation: "read the address \"\(text)\" (wanted: host:port)")
    }
    guard let octets = Self.octets(ofHost: text[..<colon]) else {
      throw SystemError(code: .invalid, operation: "read the host of \"\(text)\" (wanted: an IP address)")
    }
    self.init(octets: octets, port: port)
  }

  /// The text form that `init(_:)` reads, such as `127.0.0.1:8443` or `[::1]:8443`.
  public var description: String {
    octets.count == 4 ? "\(host):\(port)" : "[\(host)]:\(port)"
  }

  /// The address without the port and without brackets.
  public var host: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = octets.count == 4 ? AF_INET : AF_INET6
    guard unsafe inet_ntop(family, octets, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func octets(ofHost host: Substring) -> [UInt8]? {
    switch host {
    case "": return [UInt8](repeating: 0, count: 16)
    case "localhost": return [127, 0, 0, 1]
    case _ where host.hasPrefix("[") && host.hasSuffix("]"):
      return parse(String(host.dropFirst().dropLast()), AF_INET6, 16)
    default: return parse(String(host), AF_INET, 4)
    }
  }

  private static func parse(_ host: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: count)
    return unsafe inet_pton(family, host, &octets) == 1 ? octets : nil
  }
}

extension SocketAddress {
  /// Whether it stands for every interface over both families.
  var isEveryInterface: Bool { octets.count == 16 && octets.allSatisfy { $0 == 0 } }

  var family: Int32 { octets.count == 4 ? AF_INET : AF_INET6 }

  /// Lends the address as the kernel's structure.
  func withNative<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    if octets.count == 4 {
      var native = sockaddr_in()
      native.sin_family = sa_family_t(AF_INET)
      native.sin_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &native.sin_addr) { unsafe $0.copyBytes(from: octets) }
      return unsafe Self.lend(&native, body)
    }
    var native = sockaddr_in6()
    native.sin6_family = sa_family_t(AF_INET6)
    native.sin6_port = port.bigEndian
    unsafe withUnsafeMutableBytes(of: &native.sin6_addr) { unsafe $0.copyBytes(from: octets) }
    return unsafe Self.lend(&native, body)
  }

  /// Reads the kernel's structure; `nil` for a family that is not of the internet.
  init?(native: sockaddr_storage) {
    var storage = native
    let octetsAndPort: ([UInt8], UInt16)? = unsafe withUnsafeBytes(of: &storage) { bytes in
      switch Int32(native.ss_family) {
      case AF_INET:
        let address = unsafe bytes.load(as: sockaddr_in.self)
        return unsafe withUnsafeBytes(of: address.sin_addr) { unsafe (Array($0), UInt16(bigEndian: address.sin_port)) }
      case AF_INET6:
        let address = unsafe bytes.load(as: sockaddr_in6.self)
        return unsafe withUnsafeBytes(of: address.sin6_addr) {
          unsafe (Array($0), UInt16(bigEndian: address.sin6_port))
        }
      default: return nil
      }
    }
    guard let (octets, port) = octetsAndPort else { return nil }
    self.init(octets: octets, port: port)
  }

  private static func lend<Native, R>(_ native: inout Native, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe withUnsafePointer(to: &native) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<Native>.size))
      }
    }
  }
}
