/// What the fields of a request must be for gRPC.
enum RequestRules {
  /// The HTTP status for a request that is not gRPC at all; nil for one that is.
  static func plainRefusal(_ head: RequestHead) -> Int? {
    guard head.method == "POST" else { return 405 }
    let type = head.contentType.lowercased()
    let isGRPC = ["", "+proto", ";"].contains { suffix in
      suffix.isEmpty ? type == "application/grpc" : type.hasPrefix("application/grpc" + suffix)
    }
    return isGRPC ? nil : 415
  }

  /// - Throws: The status for a request with too many fields, or with a compression that was not agreed on.
  static func check(_ head: RequestHead, limit: Int) throws(GRPCStatus) {
    guard head.size <= limit else {
      throw GRPCStatus(.resourceExhausted, "the request's fields have \(head.size) bytes; at most \(limit) are taken")
    }
    guard head.encoding == nil || head.encoding == "identity" else {
      throw GRPCStatus(.unimplemented, "grpc-encoding is not known; this server accepts identity only")
    }
  }

  /// - Throws: `INVALID_ARGUMENT` for a field that is no timeout.
  static func timeout(_ head: RequestHead) throws(GRPCStatus) -> Duration? {
    guard let text = head.timeout else { return nil }
    guard let timeout = GRPCTimeout.parse(text) else {
      throw GRPCStatus(.invalidArgument, "grpc-timeout: \"\(text.prefix(20))\" is no timeout such as 500m")
    }
    guard timeout > .zero else { throw GRPCStatus(.deadlineExceeded, "the call's deadline has passed") }
    return timeout
  }
}
