/// One stream: what the client has said and what it is to be told.
final class HTTP2Stream {
  /// What is being sent.
  enum Response {
    /// Nothing yet.
    case none
    /// The head is on its way; the fields end the stream once the output is empty.
    case open(trailers: FieldBlock?)
    /// The end is on its way.
    case ended
  }

  let id: Int32
  var head = RequestHead()
  /// Received bytes of the body, until the protocol above takes them.
  var input: [UInt8] = []
  /// Whether the client has sent everything.
  var isInputComplete = false
  var response = Response.none
  /// Whether any of the body was sent: the client has waited for an answer before it gave up.
  private(set) var isAnswered = false
  private var output: [UInt8] = []
  private var sent = 0
  /// The call that the protocol above has made of it.
  var call: Call?

  init(id: Int32) {
    self.id = id
  }

  /// Bytes that wait for the client's window.
  var pendingOutput: Int { output.count - sent }

  func append(_ bytes: some Collection<UInt8>) {
    output.append(contentsOf: bytes)
  }

  /// Moves as many bytes as fit.
  func takeOutput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(pendingOutput, buffer.count)
    guard count > 0 else { return 0 }
    isAnswered = true
    unsafe output.withUnsafeBytes { bytes in
      unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[sent..<(sent + count)]))
    }
    sent += count
    if sent == output.count {
      output.removeAll(keepingCapacity: true)
      sent = 0
    }
    return count
  }
}

/// What of a request's fields matters to gRPC.
struct RequestHead: Equatable {
  var method = ""
  var path = ""
  var contentType = ""
  var timeout: String?
  var encoding: String?
  /// Bytes of all names and values, and 32 for each field (RFC 9113, section 6.5.2).
  var size = 0

  mutating func take(_ name: String, _ value: UnsafeRawBufferPointer) {
    size += name.utf8.count + value.count + 32
    switch name {
    case ":method": method = unsafe String(decoding: value, as: UTF8.self)
    case ":path": path = unsafe String(decoding: value, as: UTF8.self)
    case "content-type": contentType = unsafe String(decoding: value, as: UTF8.self)
    case "grpc-timeout": timeout = unsafe String(decoding: value, as: UTF8.self)
    case "grpc-encoding": encoding = unsafe String(decoding: value, as: UTF8.self)
    default: break
    }
  }
}
