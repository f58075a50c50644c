// Compiled together with: Sources/HTTPServer/ByteRules.swift Sources/HTTPServer/ChunkedDecoder.swift Sources/HTTPServer/FramingReader.swift Sources/HTTPServer/HTTP1Machine.swift Sources/HTTPServer/HTTPError.swift Sources/HTTPServer/HeadParser.swift Sources/HTTPServer/InputBuffer.swift Sources/HTTPServer/Limits.swift Sources/HTTPServer/Method.swift Sources/HTTPServer/RequestHead.swift Sources/HTTPServer/Status.swift
// With the modules: EventLoop

/// Feeds a connection what libFuzzer made up, whole and in pieces: both must be read as the same requests.
///
/// Where the network cuts the bytes is nobody's choice, so a reading that depends on it is a way to smuggle.
/// The first byte chooses the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let cut = input.first else { return 0 }
  let bytes = input.dropFirst()
  let whole = read([bytes])
  require(whole == read(pieces(of: bytes, seed: cut)), "the pieces changed what was read")
  require(whole.dropLast().allSatisfy { !$0.isRefusal }, "requests after one that could not be read")
  return 0
}

/// One thing that a connection was asked for.
private enum Event: Equatable {
  case request(head: [UInt8], body: [UInt8])
  case refusal(HTTPError)

  var isRefusal: Bool {
    if case .refusal = self { return true }
    return false
  }
}

private func pieces(of bytes: ArraySlice<UInt8>, seed: UInt8) -> [ArraySlice<UInt8>] {
  var pieces: [ArraySlice<UInt8>] = []
  var rest = bytes
  // Sizes of 1 to 16 that follow from the seed; 0 cuts everywhere.
  var state = Int(seed)
  while !rest.isEmpty {
    state = (state * 5 + 3) % 256
    let size = seed == 0 ? 1 : 1 + state % 16
    pieces.append(rest.prefix(size))
    rest = rest.dropFirst(size)
  }
  return pieces
}

/// What a connection makes of the pieces, up to the first request that it cannot read.
private func read(_ pieces: [ArraySlice<UInt8>]) -> [Event] {
  let now = ContinuousClock.now
  var machine = HTTP1Machine(limits: Limits(), now: now, life: .seconds(300))
  var input = InputBuffer()
  var head = RequestHead()
  var events: [Event] = []
  for piece in pieces {
    input.append(piece)
    reading: while true {
      switch machine.next(&input, head: &head, now: now, screen: { _, _ in nil }) {
      case .wait: break reading
      case .pause: fatalError("every answer was given")
      // Whether it is sent depends on how much has come, and rightly so.
      case .sendContinue: continue
      case .dispatch(let body):
        events.append(
          .request(head: head.bytes, body: input.withPrefix(body) { span in span.indices.map { span[$0] } }))
        machine.answered(&input, closing: machine.closes(now: now, draining: false), now: now)
      case .refuse(let error):
        return events + [.refusal(error)]
      }
    }
  }
  return events
}

/// Ends the run with the reason, which an optimised `precondition` would not print.
private func require(_ holds: Bool, _ reason: String) {
  if !holds { fatalError(reason) }
}
