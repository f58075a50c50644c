/// The bounds of one HTTP/2 connection.
struct HTTP2Limits: Sendable {
  /// Streams that may be open at once: a client with a stream for each of a thousand sets fits.
  var streams = 1024
  /// Bytes of the fields of one request: gRPC sends under 1 KiB, 8 KiB is its own default for metadata.
  var headBytes = 8 * 1024
  /// Bytes of requests that are not complete, over all streams: sixteen of the largest messages.
  var pendingInput = 1024 * 1024
  /// Bytes of answers of one stream that wait for the client's window; the client does not read what it asks for.
  var streamOutput = 256 * 1024
  /// Bytes in the socket's output before more is taken from streams: a few socket buffers' worth.
  var output = 256 * 1024

  init() {}
}
