internal import CNGHTTP2

/// Where nghttp2's calls enter: each finds the session and hands plain values on.
enum HTTP2Callbacks {
  /// Reads the body of an answer, stream by stream.
  static var provider: nghttp2_data_provider {
    unsafe nghttp2_data_provider(
      source: nghttp2_data_source(ptr: nil),
      read_callback: { _, id, buffer, length, flags, _, user in
        guard let session = unsafe HTTP2Callbacks.session(user), let buffer = unsafe buffer, let flags = unsafe flags
        else {
          return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: length)
        return unsafe HTTP2Callbacks.read(session, id, room, &flags.pointee)
      })
  }

  /// Makes a server's session; running out of memory ends the process, as it does everywhere else.
  static func makeSession() -> OpaquePointer {
    var callbacks: OpaquePointer?
    var session: OpaquePointer?
    unsafe nghttp2_session_callbacks_new(&callbacks)
    unsafe set(callbacks)
    unsafe nghttp2_session_server_new(&session, callbacks, nil)
    unsafe nghttp2_session_callbacks_del(callbacks)
    guard let session = unsafe session else { preconditionFailure("no memory for an HTTP/2 session") }
    return unsafe session
  }

  private static func set(_ callbacks: OpaquePointer?) {
    unsafe nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, user in
      guard let header = unsafe header, unsafe UInt32(header.pointee.type) == NGHTTP2_HEADERS.rawValue,
        let session = unsafe HTTP2Callbacks.session(user), unsafe !session.order.takesHead(header.pointee.stream_id)
      else { return 0 }
      // nghttp2 passes over such a stream; failing here makes it an error of the connection.
      return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
      guard let frame = unsafe frame, unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST else { return 0 }
      unsafe HTTP2Callbacks.session(user)?.begin(frame.pointee.hd.stream_id)
      return 0
    }
    unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks) {
      _, frame, name, nameLength, value, valueLength, _, user in
      guard let stream = unsafe HTTP2Callbacks.session(user)?.streams[frame?.pointee.hd.stream_id ?? 0] else {
        return 0
      }
      let text = unsafe String(decoding: UnsafeBufferPointer(start: name, count: nameLength), as: UTF8.self)
      unsafe stream.head.take(text, UnsafeRawBufferPointer(start: value, count: valueLength))
      return 0
    }
    unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
      if let session = unsafe HTTP2Callbacks.session(user), let frame = unsafe frame {
        unsafe HTTP2Callbacks.received(frame.pointee, session)
      }
      return 0
    }
    unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
      guard let frame = unsafe frame, unsafe UInt32(frame.pointee.hd.type) == NGHTTP2_HEADERS.rawValue,
        unsafe UInt32(frame.pointee.hd.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
      else { return 0 }
      unsafe HTTP2Callbacks.session(user)?.answerIsSent(frame.pointee.hd.stream_id)
      return 0
    }
    unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, data, length, user in
      unsafe HTTP2Callbacks.session(user)?.take(UnsafeRawBufferPointer(start: data, count: length), of: id)
      return 0
    }
    unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
      unsafe HTTP2Callbacks.session(user)?.close(id, HTTP2Error(code: code))
      return 0
    }
  }

  fileprivate static func session(_ user: UnsafeMutableRawPointer?) -> HTTP2Session? {
    unsafe user.map { unsafe Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func received(_ frame: nghttp2_frame, _ session: HTTP2Session) {
    let header = unsafe frame.hd
    let isEnd = UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
    let isAnswer = UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue != 0
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue:
      // Fields after the body carry nothing that gRPC knows in a request.
      if let stream = session.streams[header.stream_id], stream.call == nil { session.events.append(.head(stream)) }
      if isEnd { session.end(header.stream_id) }
    case NGHTTP2_DATA.rawValue:
      if header.length == 0, !isEnd { session.cost += 1 }
      if isEnd { session.end(header.stream_id) }
    case NGHTTP2_RST_STREAM.rawValue:
      // Ending a stream that has been answered is how a client stops following a state.
      if session.streams[header.stream_id]?.isAnswered != true { session.cost += FloodGuard.resetCost }
    case NGHTTP2_PING.rawValue where isAnswer: session.events.append(.pong)
    case NGHTTP2_SETTINGS.rawValue where isAnswer: break
    case NGHTTP2_PING.rawValue, NGHTTP2_SETTINGS.rawValue, NGHTTP2_PRIORITY.rawValue: session.cost += 1
    default: break
    }
  }

  /// Fills a DATA frame; the end of the body brings the trailers.
  private static func read(
    _ session: HTTP2Session, _ id: Int32, _ room: UnsafeMutableRawBufferPointer, _ flags: inout UInt32
  ) -> Int {
    guard let stream = session.streams[id], case .open(let trailers) = stream.response else {
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    let count = unsafe stream.takeOutput(into: room)
    if stream.pendingOutput == 0 {
      if let trailers {
        flags |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        session.submitTrailers(stream, trailers)
        return count
      }
      if count > 0 { session.events.append(.drained(stream)) }
    }
    return count > 0 ? count : Int(NGHTTP2_ERR_DEFERRED.rawValue)
  }
}
