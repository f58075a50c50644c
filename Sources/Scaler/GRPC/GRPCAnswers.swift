/// The fields of gRPC's answers.
enum GRPCAnswers {
  /// The head of an answer with a body.
  static let head = FieldBlock([
    (":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity"),
  ])
  /// The end of a call that succeeded.
  static let success = FieldBlock([("grpc-status", "0")])

  /// The end of a call.
  static func trailers(_ status: GRPCStatus) -> FieldBlock {
    status == .ok ? success : FieldBlock(fields(status))
  }

  /// The whole answer of a call that failed before anything was sent.
  static func trailersOnly(_ status: GRPCStatus) -> FieldBlock {
    FieldBlock(
      [(":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity")] + fields(status))
  }

  /// The answer to a request that is not gRPC: a plain HTTP status, for clients that know no other.
  static func plain(_ status: Int) -> FieldBlock { FieldBlock([(":status", "\(status)"), ("content-length", "0")]) }

  private static func fields(_ status: GRPCStatus) -> [(String, String)] {
    [("grpc-status", "\(status.code.rawValue)"), ("grpc-message", status.encodedMessage)]
  }
}
