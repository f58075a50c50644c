internal import CLinux
internal import Glibc

/// What accepting on a listening socket came to.
public enum Accepted: ~Copyable {
  /// A connection, non-blocking and closed on exec.
  case connection(Descriptor)
  /// No connection waits.
  case none
}

extension Descriptor {
  /// Whether a listening socket has its port for itself.
  public enum PortSharing: Sendable {
    /// Nobody else listens on the port.
    case alone
    /// Nobody else listens on the port so far; those that join may.
    case first
    /// Others of this process listen on the port already.
    case joins
  }

  /// Opens a non-blocking listening socket.
  ///
  /// `SO_REUSEPORT` lets one listener per loop share a port: the kernel spreads connections over them. An address of
  /// every interface (`[::]`) takes IPv4 too, and IPv4 alone where IPv6 is switched off.
  /// - Parameters:
  ///   - sharing: The first listener of a port is told when another process has it, instead of sharing that one's clients.
  ///   - backlog: Connections that may wait; 1,024 covers a burst of a few hundred from each API server.
  /// - Throws: A `SystemError` that names the address.
  public static func listening(
    on address: SocketAddress, _ sharing: PortSharing = .alone, backlog: Int32 = 1024
  ) throws(SystemError) -> Descriptor {
    do throws(SystemError) {
      return try listeningSocket(on: address, sharing, backlog)
    } catch {
      guard error.code == .noSuchFamily, address.isEveryInterface else { throw error }
      let anyV4 = SocketAddress(octets: [0, 0, 0, 0], port: address.port)
      return try listeningSocket(on: anyV4, sharing, backlog)
    }
  }

  private static func listeningSocket(
    on address: SocketAddress, _ sharing: PortSharing, _ backlog: Int32
  ) throws(SystemError) -> Descriptor {
    let socket = Descriptor(
      owning: Int32(try systemCall("open a socket for \(address)") { Int(clinux_socket(address.family)) }))
    try socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
    if sharing == .joins { try socket.set(SOL_SOCKET, SO_REUSEPORT, 1) }
    if address.family == AF_INET6 { try socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
    let raw = socket.rawValue
    _ = try systemCall("bind \(address)") {
      unsafe address.withNative { unsafe negatedErrno(Int(Glibc.bind(raw, $0, $1))) }
    }
    // After the binding: with the option, the kernel would share a port of another process of the same user, or choose one for port 0.
    if sharing == .first { try socket.set(SOL_SOCKET, SO_REUSEPORT, 1) }
    _ = try systemCall("listen on \(address)") { negatedErrno(Int(Glibc.listen(raw, backlog))) }
    return socket
  }

  /// Connects to a listening address; the connection is ready when the socket is writable.
  public static func connecting(to address: SocketAddress) throws(SystemError) -> Descriptor {
    let socket = Descriptor(owning: Int32(try systemCall("open a socket") { Int(clinux_socket(address.family)) }))
    let raw = socket.rawValue
    let result = unsafe address.withNative { unsafe negatedErrno(Int(Glibc.connect(raw, $0, $1))) }
    guard result == 0 || result == -Int(EINPROGRESS) || result == -Int(EINTR) else {
      throw SystemError(code: .init(rawValue: Int32(-result)), operation: "connect to \(address)")
    }
    return socket
  }

  /// Takes one waiting connection.
  /// - Throws: A `SystemError` when descriptors have run out; a connection that its client gave up is not an error.
  public func accept() throws(SystemError) -> Accepted {
    while true {
      let result = clinux_accept(rawValue)
      if result >= 0 { return .connection(Descriptor(owning: result)) }
      switch -result {
      case EAGAIN: return .none
      // accept(2): errors of the new connection's network are to be treated like a retry.
      case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH,
        EPERM:
        continue
      case let code: throw SystemError(code: .init(rawValue: code), operation: "accept")
      }
    }
  }

  /// Sends small answers at once instead of waiting for more to send (`TCP_NODELAY`).
  public func sendPromptly() {
    // Fails on sockets that are not TCP, which have nothing to delay.
    _ = clinux_set_option(rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  /// Acknowledges what was received now instead of together with the next answer (`TCP_QUICKACK`), once.
  ///
  /// A peer that waits with small segments until its last one is acknowledged (Nagle's algorithm, RFC 896) would
  /// otherwise wait for the 40 ms after which the kernel acknowledges without an answer.
  public func acknowledgePromptly() {
    // Fails on sockets that are not TCP, which acknowledge nothing.
    _ = clinux_set_option(rawValue, Int32(IPPROTO_TCP), TCP_QUICKACK, 1)
  }

  /// Gathers what is sent from now on until ``finishSending()``, so that it leaves together with the end (`TCP_CORK`).
  ///
  /// Whole segments still leave at once, and the kernel holds the last one back for 200 ms at most.
  public func gatherUntilFinish() {
    // Fails on sockets that are not TCP, which have nothing to gather.
    _ = clinux_set_option(rawValue, Int32(IPPROTO_TCP), TCP_CORK, 1)
  }

  /// Makes a listening socket ignore new connections while those under way still arrive in its queue.
  ///
  /// Closing a listening socket resets what waits in its queue, and between the last `accept` and `close` a connection
  /// can slip in. A socket filter that drops SYN packets shuts that window: afterwards the queue only shrinks.
  public func ignoreNewConnections() {
    // Best effort: without it the window is microseconds wide.
    _ = clinux_ignore_new_connections(rawValue)
  }

  /// Tells the peer that nothing more will be sent.
  public func finishSending() {
    _ = shutdown(rawValue, Int32(SHUT_WR))
  }

  /// The address that a socket is bound to, with the port that the kernel chose.
  public func localAddress() throws(SystemError) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let raw = rawValue
    _ = try systemCall("read the bound address") {
      unsafe withUnsafeMutablePointer(to: &storage) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe negatedErrno(Int(getsockname(raw, $0, &length)))
        }
      }
    }
    guard let address = SocketAddress(native: storage) else {
      throw SystemError(code: .invalid, operation: "read the bound address")
    }
    return address
  }

  private func set(_ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
    let raw = rawValue
    _ = try systemCall("set socket option \(name)") { Int(clinux_set_option(raw, level, name, value)) }
  }
}
