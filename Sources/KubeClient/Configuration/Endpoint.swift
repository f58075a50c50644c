/// Where an API server is and how it proves who it is.
public struct Endpoint: Sendable, Equatable {
  /// Whose certificates are believed.
  public enum Trust: Sendable, Equatable {
    /// The authorities of the operating system.
    case system
    /// The authorities in a PEM file, read anew for each connection, so that it may be rotated.
    case file(String)
    /// The authorities in a PEM text.
    case pem([UInt8])
    /// Anybody's: `insecure-skip-tls-verify`.
    case nothing
  }

  /// Which HTTP is spoken.
  public enum HTTPVersion: Sendable, Equatable {
    /// HTTP/1.1 only: each request in flight has a connection of its own.
    case one
    /// HTTP/2 where the TLS handshake comes to it, so that many requests share one connection.
    case negotiated
    /// HTTP/2 from the first byte on, without a handshake that says so (RFC 9113, section 3.3); each request has a connection of its own.
    case two
  }

  /// Scheme, host and port, and a path where the server is behind one; no slash at the end.
  public var server: String
  /// Whose certificates are believed.
  public var trust: Trust
  /// The name that the server's certificate must have, where it is not the host of ``server``.
  public var tlsServerName: String?
  /// The proxy's URL; nil leaves it to `HTTPS_PROXY` and `NO_PROXY`, an empty text is none at all.
  public var proxy: String?
  /// How long a connection may take to be made: above the 9 s that three lost SYN packets cost.
  public var connectTimeout: Duration = .seconds(10)
  /// Which HTTP is spoken.
  public var version = HTTPVersion.negotiated

  /// Describes an API server; slashes at the end of `server` are cut off.
  public init(server: String, trust: Trust = .system, tlsServerName: String? = nil, proxy: String? = nil) {
    var server = server
    while server.hasSuffix("/") { server.removeLast() }
    self.server = server
    self.trust = trust
    self.tlsServerName = tlsServerName
    self.proxy = proxy
  }
}

extension Endpoint {
  /// The scheme, authority (host and port) and path of ``server``.
  private var parts: (scheme: Substring, authority: Substring, path: Substring)? {
    guard let colon = server.firstRange(of: "://") else { return nil }
    let rest = server[colon.upperBound...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    return (server[..<colon.lowerBound], rest[..<slash], rest[slash...])
  }

  /// The host and the port of ``server``; an IPv6 address keeps its brackets.
  private var hostAndPort: (host: Substring, port: Substring)? {
    guard let parts else { return nil }
    let authority = parts.authority
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      return (authority[..<colon], authority[authority.index(after: colon)...])
    }
    return (authority, parts.scheme.lowercased() == "http" ? "80" : "443")
  }

  /// What requests' URLs begin with: the server, under the name that its certificate must have.
  var requestBase: String {
    guard let tlsServerName, let parts, let address = hostAndPort else { return server }
    return "\(parts.scheme)://\(tlsServerName):\(address.port)\(parts.path)"
  }

  /// curl's `CONNECT_TO` entry that leads from the certificate's name to the server's address.
  var connectTo: String? {
    guard let tlsServerName, let address = hostAndPort else { return nil }
    return "\(tlsServerName):\(address.port):\(address.host):\(address.port)"
  }

  /// The `Host` header where the URL names another host.
  var hostHeader: String? { tlsServerName == nil ? nil : parts.map { "Host: \($0.authority)" } }
}

/// A client certificate and its key.
public enum ClientIdentity: Sendable, Equatable {
  /// PEM files, read anew for each connection, so that they may be rotated.
  case files(certificate: String, key: String)
  /// PEM texts.
  case pem(certificate: [UInt8], key: [UInt8])
}
