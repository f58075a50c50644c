internal import EventLoop

/// An HTTP request to a port of the pod.
///
/// A status of 200 to 299 is success. 408, 425, 429 and those from 500 on are tried again soon, or when `Retry-After` says; any other status will hardly change by
/// itself and is tried again at the slowest pace. Redirects are not followed: the game is asked where the user said.
struct HTTPDelivery {
  let method: String
  let port: UInt16
  let path: String

  /// The time for the whole exchange: a game may load its assets before it answers.
  static let limit = Duration.seconds(10)
  /// A head of an answer that is longer than this is no answer to a reload.
  static let headLimit = 16 * 1024

  func run(_ revision: String) -> DeliveryOutcome {
    do {
      let connection = try LoopbackConnection(port: port, deadline: .now + Self.limit)
      try connection.send(Array(request(revision).utf8))
      return try answer(on: connection)
    } catch {
      return .failed("http port \(port): \(error)")
    }
  }

  private func request(_ revision: String) -> String {
    [
      "\(method) \(path) HTTP/1.1", "Host: localhost:\(port)", "User-Agent: gatehouse-hot-reload",
      "Hot-Reload-Revision: \(revision)", "Content-Length: 0", "Connection: close", "", "",
    ].joined(separator: "\r\n")
  }

  private func answer(on connection: borrowing LoopbackConnection) throws(SystemError) -> DeliveryOutcome {
    var received: [UInt8] = []
    while received.count < Self.headLimit {
      guard let more = try connection.receive() else { return .failed("http port \(port) did not answer in time") }
      received += more
      while let head = HTTPAnswerHead(&received) {
        // 1xx announce the answer; the answer itself follows (RFC 9110 section 15.2).
        if head.status >= 200 { return outcome(head) }
      }
      if more.isEmpty { return .failed("http port \(port) closed without an answer") }
    }
    return .failed("http port \(port) sent no HTTP answer")
  }

  private func outcome(_ head: HTTPAnswerHead) -> DeliveryOutcome {
    let text = "\(method) \(path) on port \(port) answered \(head.status)"
    switch head.status {
    case 200...299: return .delivered
    case 408, 425, 429, 500...599: return .failed(text, wait: head.retryAfter)
    default: return .failed(text, wait: Backoff.standard.limit)
    }
  }
}

/// The head of an HTTP answer, as far as it matters.
struct HTTPAnswerHead: Equatable {
  let status: Int
  let retryAfter: Duration?

  /// Takes a head off the front of what was received; nil where it is not complete or no HTTP.
  init?(_ received: inout [UInt8]) {
    let end = Array("\r\n\r\n".utf8)
    guard let place = received.indices.first(where: { received[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: received[..<place], as: UTF8.self).split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), 100...599 ~= status else {
      return nil
    }
    self.status = status
    received.removeFirst(place + end.count)
    let values = lines.dropFirst().compactMap { line -> Int? in
      guard let (name, value) = String(line).splitOnce(":"), name.lowercased() == "retry-after" else { return nil }
      return Int(value.trimmed)
    }
    retryAfter = values.first.flatMap { $0 >= 0 ? .seconds(min($0, 3600)) : nil }
  }
}
