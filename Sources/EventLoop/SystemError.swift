internal import Glibc

/// A system call that failed: what was tried and the error number that the kernel gave.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which failure it is, by the kernel's error number.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The error number of `errno(3)`.
    public let rawValue: Int32

    /// Wraps an error number.
    public init(rawValue: Int32) {
      self.rawValue = rawValue
    }

    /// The address is taken by another socket (`EADDRINUSE`).
    public static let addressInUse = Code(rawValue: EADDRINUSE)
    /// Nothing of that name exists (`ENOENT`).
    public static let notFound = Code(rawValue: ENOENT)
    /// The system does not have this kind of address: IPv6 is switched off (`EAFNOSUPPORT`).
    public static let noSuchFamily = Code(rawValue: EAFNOSUPPORT)
    /// An argument that no address or option has (`EINVAL`).
    public static let invalid = Code(rawValue: EINVAL)
  }

  /// Which failure it is.
  public let code: Code
  /// What was tried, such as `bind 127.0.0.1:80`.
  public let operation: String

  /// Describes a failure of `operation` with the kernel's error number.
  public init(code: Code, operation: String) {
    self.code = code
    self.operation = operation
  }

  /// The operation and the kernel's own words, such as `bind 127.0.0.1:80: Permission denied`.
  public var description: String {
    guard let text = unsafe strerror(code.rawValue) else { return "\(operation): error \(code.rawValue)" }
    return unsafe "\(operation): \(String(cString: text))"
  }
}
