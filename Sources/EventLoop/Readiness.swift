internal import CLinux

/// What a descriptor is ready for, or what a handler wants to hear of.
public struct Readiness: OptionSet, Sendable {
  /// The bits of `epoll(7)`.
  public let rawValue: UInt32

  /// Wraps the bits of `epoll(7)`.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// There is something to read, or the peer has closed.
  public static let readable = Readiness(rawValue: UInt32(CLINUX_READABLE))
  /// There is room to write.
  public static let writable = Readiness(rawValue: UInt32(CLINUX_WRITABLE))
  /// The peer will send nothing more; reported only when asked for.
  public static let halfClosed = Readiness(rawValue: UInt32(CLINUX_HALF_CLOSED))
  /// Reports changes only (edge-triggered).
  static let onlyChanges = Readiness(rawValue: UInt32(CLINUX_ONLY_CHANGES))
  /// The connection is gone or in error; always reported.
  public static let broken = Readiness(rawValue: UInt32(CLINUX_BROKEN))
}

/// Somebody who hears when a descriptor becomes ready, on the loop's thread.
public protocol EventHandler: AnyObject {
  /// Acts on readiness. Level-triggered: what is not read or written is reported again.
  func ready(_ readiness: Readiness)
}
