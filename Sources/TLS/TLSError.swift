internal import COpenSSL

/// Why a certificate, a key or a connection was refused.
public struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which kind of failure it is.
  public enum Code: Sendable, Equatable {
    /// The bytes hold no certificate in PEM form, or a damaged one.
    case malformedCertificate
    /// The bytes hold no usable private key in PEM form; an encrypted key is not usable.
    case malformedKey
    /// The key is not that of the certificate: a torn pair, or files of two different pairs.
    case mismatchedPair
    /// The certificate does not chain to the authority, is not valid at that time, or is not for servers.
    case untrusted
    /// The certificate does not cover the name.
    case wrongName
    /// A name that cannot stand in a certificate.
    case malformedName
    /// The peer broke the protocol, offered nothing in common, or its certificate was refused.
    case handshakeFailed
    /// An established connection broke the protocol.
    case brokenConnection
    /// OpenSSL refused a setting or ran out of memory.
    case library
  }

  /// Which kind of failure it is.
  public let code: Code
  /// What failed, in words.
  public let reason: String
  /// OpenSSL's own words, empty when it had none.
  public let detail: String

  /// Describes a failure.
  public init(code: Code, reason: String, detail: String = "") {
    self.code = code
    self.reason = reason
    self.detail = detail
  }

  /// The reason, with OpenSSL's own words in brackets.
  public var description: String {
    detail.isEmpty ? reason : "\(reason) (\(detail))"
  }
}

/// OpenSSL's queue of errors, which belongs to the calling thread.
///
/// It is cleared before a call whose failure is asked for and drained right after, so that one connection's failure is
/// never taken for another's.
enum ErrorQueue {
  @inline(__always)
  static func clear() {
    // Wiping the queue's sixteen places costs more than the call that it is for, and it is nearly always empty.
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  /// Takes every error as text, at most four of them: the first ones say what happened, the rest repeat it.
  static func drain() -> String {
    var texts: [String] = []
    while true {
      let error = ERR_get_error()
      guard error != 0 else { return texts.joined(separator: "; ") }
      guard texts.count < 4, let reason = unsafe ERR_reason_error_string(error) else { continue }
      unsafe texts.append(String(cString: reason))
    }
  }

  /// An error of the given kind with what the queue says.
  static func failure(_ code: TLSError.Code, _ reason: String) -> TLSError {
    TLSError(code: code, reason: reason, detail: drain())
  }
}
