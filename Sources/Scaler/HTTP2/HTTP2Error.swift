internal import CNGHTTP2

/// The codes of RST_STREAM and GOAWAY (RFC 9113, section 7).
struct HTTP2Error: Error, Sendable, Equatable {
  /// The number on the wire.
  let code: UInt32

  static let none = HTTP2Error(NGHTTP2_NO_ERROR)
  static let protocolError = HTTP2Error(NGHTTP2_PROTOCOL_ERROR)
  static let enhanceYourCalm = HTTP2Error(NGHTTP2_ENHANCE_YOUR_CALM)

  init(code: UInt32) {
    self.code = code
  }

  private init(_ native: nghttp2_error_code) {
    code = native.rawValue
  }
}
