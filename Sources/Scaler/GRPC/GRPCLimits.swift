/// The times of a gRPC connection.
struct GRPCLimits: Sendable {
  /// From the connection to the client's first frames.
  var preface = Duration.seconds(5)
  /// From the head of a request to its end, where the client gives no shorter deadline: requests are small.
  var request = Duration.seconds(10)
  /// Without a byte of the client before it is pinged; long enough not to wake a client needlessly.
  var keepAlive = Duration.seconds(60)
  /// From the ping to its answer.
  var pong = Duration.seconds(20)
  /// Without a call before the connection is ended: KEDA polls every 30 s by default, at most every few minutes.
  var idle = Duration.seconds(900)
  /// From the announcement of the end to the last word on which streams are answered; a round trip is far shorter.
  var drain = Duration.seconds(1)

  init() {}
}
