internal import CNGHTTP2

/// The server's side of one HTTP/2 connection (RFC 9113): bytes in, events out; answers in, bytes out.
///
/// Framing, header compression, flow control and the errors of both are nghttp2's; this type bounds what it keeps. It knows
/// no socket and no clock, and belongs to one thread.
@safe final class HTTP2Session {
  // Safe because the pointer is made by the initialiser, freed by `deinit`, and never handed out.
  private let raw: OpaquePointer
  let limits: HTTP2Limits
  private(set) var streams: [Int32: HTTP2Stream] = [:]
  var events: [HTTP2Event] = []
  /// The price of what the client did since it was last taken.
  var cost = 0.0
  /// Which streams may have a head.
  var order = StreamOrder()
  /// Body bytes that wait in all streams.
  var pendingInput = 0
  private var isTerminated = false

  /// Begins a connection: the settings are the first bytes to send.
  init(limits: HTTP2Limits = HTTP2Limits()) {
    self.limits = limits
    unsafe raw = HTTP2Callbacks.makeSession()
    unsafe nghttp2_session_set_user_data(raw, Unmanaged.passUnretained(self).toOpaque())
    submitSettings()
  }

  deinit {
    unsafe nghttp2_session_del(raw)
  }

  private func submitSettings() {
    func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
      nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(value))
    }
    let settings = [
      entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams),
      entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headBytes),
    ]
    unsafe nghttp2_submit_settings(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
    // Bodies are bounded by `pendingInput`, so the window of the whole connection need not be smaller.
    unsafe nghttp2_session_set_local_window_size(
      raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(limits.pendingInput))
  }

  /// Takes bytes of the client; what they mean is in `events`.
  func receive(_ bytes: Span<UInt8>) {
    guard !isTerminated else { return }
    let result = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe nghttp2_session_mem_recv(raw, buffer.baseAddress, buffer.count)
    }
    guard result < 0 else { return }
    let floods = [NGHTTP2_ERR_FLOODED, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS].map { Int($0.rawValue) }
    terminate(floods.contains(result) ? .enhanceYourCalm : .protocolError)
  }

  /// Appends what is to be sent, up to the bound of the output.
  func emit(into output: inout [UInt8]) {
    while output.count < limits.output {
      var data: UnsafePointer<UInt8>?
      let count = unsafe nghttp2_session_mem_send(raw, &data)
      guard count > 0, let start = unsafe data else { break }
      unsafe output.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    }
  }

  /// Whether nothing more will be said or heard.
  var isOver: Bool {
    unsafe (isTerminated || nghttp2_session_want_read(raw) == 0) && nghttp2_session_want_write(raw) == 0
  }
}

// MARK: - Answers

extension HTTP2Session {
  /// Sends the head of an answer.
  /// - Parameter endsStream: Whether it is the whole answer.
  func respond(_ stream: HTTP2Stream, _ fields: FieldBlock, endsStream: Bool) {
    stream.response = endsStream ? .ended : .open(trailers: nil)
    let provider = unsafe HTTP2Callbacks.provider
    unsafe fields.withNative { native, count in
      if endsStream {
        unsafe _ = nghttp2_submit_response(raw, stream.id, native, count, nil)
      } else {
        unsafe withUnsafePointer(to: provider) { unsafe _ = nghttp2_submit_response(raw, stream.id, native, count, $0) }
      }
    }
  }

  /// Sends bytes of the body, as the client's window allows.
  func send(_ stream: HTTP2Stream, _ bytes: some Collection<UInt8>) {
    stream.append(bytes)
    unsafe nghttp2_session_resume_data(raw, stream.id)
  }

  /// Ends the answer with fields, once the body is sent.
  func finish(_ stream: HTTP2Stream, _ trailers: FieldBlock) {
    stream.response = .open(trailers: trailers)
    unsafe nghttp2_session_resume_data(raw, stream.id)
  }

  /// Submits the fields that end a stream, from within the sending of its body.
  func submitTrailers(_ stream: HTTP2Stream, _ trailers: FieldBlock) {
    stream.response = .ended
    unsafe trailers.withNative { unsafe _ = nghttp2_submit_trailer(raw, stream.id, $0, $1) }
  }

  /// Hears that the answer of a stream is sent: a client that still sends its request is told to stop, without an error
  /// (RFC 9113, section 8.1).
  ///
  /// Not sooner, because nghttp2 drops an answer that waits behind the reset of its stream.
  func answerIsSent(_ id: Int32) {
    guard let stream = streams[id], !stream.isInputComplete else { return }
    reset(stream, .none)
  }

  /// Ends a stream at once.
  func reset(_ stream: HTTP2Stream, _ error: HTTP2Error) {
    unsafe nghttp2_submit_rst_stream(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, error.code)
  }

  /// Asks the client for a sign of life.
  func ping() {
    unsafe nghttp2_submit_ping(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
  }

  /// Tells the client that the connection will end, before it is said which streams are the last (RFC 9113, section 6.8).
  func announceEnd() {
    unsafe nghttp2_submit_shutdown_notice(raw)
  }

  /// Tells the client which stream is the last that is answered.
  func refuseNewStreams() {
    let last = unsafe nghttp2_session_get_last_proc_stream_id(raw)
    unsafe nghttp2_submit_goaway(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, HTTP2Error.none.code, nil, 0)
  }

  /// Ends the connection for a reason.
  func terminate(_ error: HTTP2Error) {
    isTerminated = true
    unsafe nghttp2_session_terminate_session(raw, error.code)
  }
}

// MARK: - What nghttp2 reports

extension HTTP2Session {
  func begin(_ id: Int32) {
    streams[id] = HTTP2Stream(id: id)
  }

  /// Takes a part of a body; too much of what nobody can use yet ends the stream.
  func take(_ bytes: UnsafeRawBufferPointer, of id: Int32) {
    guard let stream = streams[id] else { return }
    if unsafe bytes.isEmpty { cost += 1 }
    guard pendingInput + bytes.count <= limits.pendingInput else {
      cost += FloodGuard.resetCost
      return reset(stream, .enhanceYourCalm)
    }
    if case .ended = stream.response { return }
    unsafe stream.input.append(contentsOf: bytes)
    pendingInput += bytes.count
    events.append(.body(stream))
  }

  func end(_ id: Int32) {
    guard let stream = streams[id] else { return }
    stream.isInputComplete = true
    events.append(.body(stream))
  }

  func close(_ id: Int32, _ error: HTTP2Error) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    pendingInput -= stream.input.count
    stream.input = []
    events.append(.closed(stream, error))
  }

  /// Hands the waiting bytes of a body over.
  func takeInput(of stream: HTTP2Stream) -> [UInt8] {
    let input = stream.input
    stream.input = []
    pendingInput -= input.count
    return input
  }
}
