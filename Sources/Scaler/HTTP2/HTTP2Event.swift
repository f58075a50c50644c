/// What the bytes of a client came to.
enum HTTP2Event {
  /// The fields of a request are complete.
  case head(HTTP2Stream)
  /// More of the body is there, or its end.
  case body(HTTP2Stream)
  /// The client's window has taken all output.
  case drained(HTTP2Stream)
  /// The stream is gone, for the reason of either side.
  case closed(HTTP2Stream, HTTP2Error)
  /// The client has answered a ping.
  case pong
}
