internal import CLinux

/// Two connected, non-blocking stream sockets: a connection without a network.
@frozen public struct SocketPair: ~Copyable {
  /// One end.
  public var near: Descriptor
  /// The other end.
  public var far: Descriptor

  /// Opens a pair.
  /// - Throws: A `SystemError` when descriptors have run out.
  public init() throws(SystemError) {
    var raw: [Int32] = [0, 0]
    _ = try systemCall("make a socket pair") { unsafe Int(clinux_socket_pair(&raw)) }
    near = Descriptor(owning: raw[0])
    far = Descriptor(owning: raw[1])
  }
}
