internal import CLinux
internal import Glibc

/// The one owner of a file descriptor; it is closed when the owner goes away.
public struct Descriptor: ~Copyable, Sendable {
  /// The number, for calls that borrow the descriptor; valid as long as the owner lives.
  public let rawValue: Int32

  /// Takes ownership of an open descriptor.
  public init(owning rawValue: Int32) {
    precondition(rawValue >= 0, "a descriptor is not negative")
    self.rawValue = rawValue
  }

  deinit {
    // Not repeated on EINTR: Linux has freed the number by then, and it may already be somebody else's.
    close(rawValue)
  }

  /// Reads what is there, at most as many bytes as the buffer holds.
  /// - Throws: A `SystemError` for anything but an interruption, an empty or a closed descriptor.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Transfer {
    try transfer("read") { unsafe negatedErrno(Glibc.read(rawValue, buffer.baseAddress, buffer.count)) }
  }

  /// Writes what fits, at most the whole buffer.
  /// - Throws: A `SystemError` for anything but an interruption, a full or a closed descriptor.
  public func write(_ buffer: UnsafeRawBufferPointer) throws(SystemError) -> Transfer {
    try transfer("write") { unsafe negatedErrno(Glibc.write(rawValue, buffer.baseAddress, buffer.count)) }
  }

  /// Reads into the array's elements and reports how many were filled; a convenience for small reads.
  public func read(into bytes: inout [UInt8]) throws(SystemError) -> Transfer {
    let raw = rawValue
    return try transfer("read") {
      unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe negatedErrno(Glibc.read(raw, buffer.baseAddress, buffer.count))
      }
    }
  }

  /// Writes what fits of the bytes; a convenience for small writes.
  public func write(_ bytes: [UInt8]) throws(SystemError) -> Transfer {
    let raw = rawValue
    return try transfer("write") {
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe negatedErrno(Glibc.write(raw, buffer.baseAddress, buffer.count))
      }
    }
  }
}
