internal import EventLoop

/// One request and its answer; then the connection is closed.
final class StatusConnection: EventHandler {
  private enum State {
    case reading([UInt8])
    case writing(ArraySlice<UInt8>)
    /// The answer is out; the client's close is awaited, because closing on unread bytes would reset the connection and lose the answer.
    case closing
  }

  /// A request line and headers of kubelet, Prometheus or curl fit several times.
  static let headLimit = 4096
  static let patience = Duration.seconds(5)

  private let socket: Descriptor
  private let loop: EventLoop
  private let answer: (String) -> StatusAnswer
  private let closed: (StatusConnection) -> Void
  private var state = State.reading([])
  private var registration: EventLoop.Registration?
  private var timer: TimerID?

  init(
    _ socket: consuming Descriptor, loop: EventLoop, answer: @escaping (String) -> StatusAnswer,
    closed: @escaping (StatusConnection) -> Void
  ) {
    self.socket = socket
    self.loop = loop
    self.answer = answer
    self.closed = closed
  }

  /// Waits for the request; false where the loop has no room for the connection.
  func start() -> Bool {
    do {
      registration = try loop.add(socket.rawValue, for: .readable, handler: self)
    } catch {
      return false
    }
    timer = loop.schedule(at: loop.now + Self.patience) { [weak self] in self?.close() }
    return true
  }

  func ready(_ readiness: Readiness) {
    switch state {
    case .reading(let received): read(received)
    case .writing(let rest): write(rest)
    case .closing: discard()
    }
  }

  private func read(_ received: [UInt8]) {
    var received = received
    var chunk = [UInt8](repeating: 0, count: 1024)
    while true {
      switch try? socket.read(into: &chunk) {
      case .bytes(let count)?:
        received += chunk[..<count]
        if let text = StatusRequest.answer(received, limit: Self.headLimit, answer) {
          return write(Array(text.utf8)[...])
        }
      case .wouldBlock?:
        state = .reading(received)
        return
      case .endOfFile?, nil: return close()
      }
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      switch try? socket.write(Array(rest)) {
      case .bytes(let count)?: rest = rest.dropFirst(count)
      case .wouldBlock?:
        state = .writing(rest)
        return listen(for: .writable)
      case .endOfFile?, nil: return close()
      }
    }
    state = .closing
    socket.finishSending()
    listen(for: .readable)
  }

  private func discard() {
    var chunk = [UInt8](repeating: 0, count: 1024)
    // One chunk a report: a client that never stops sending is ended by the timer.
    switch try? socket.read(into: &chunk) {
    case .bytes?, .wouldBlock?: break
    case .endOfFile?, nil: close()
    }
  }

  private func listen(for interest: Readiness) {
    guard let registration else { return }
    do {
      try loop.change(registration, to: interest)
    } catch {
      close()
    }
  }

  private func close() {
    guard let registration else { return }
    self.registration = nil
    loop.remove(registration)
    if let timer { loop.cancel(timer) }
    closed(self)
  }
}

/// The request line of a client, as far as it matters.
enum StatusRequest {
  /// The answer to what was received; nil while the head is not complete.
  static func answer(_ received: [UInt8], limit: Int, _ answer: (String) -> StatusAnswer) -> String? {
    let end = Array("\r\n\r\n".utf8)
    guard received.indices.contains(where: { received[$0...].starts(with: end) }) else {
      return received.count > limit ? StatusAnswer(status: 400).text(withBody: true) : nil
    }
    let line = String(decoding: received.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return StatusAnswer(status: 400).text(withBody: true) }
    guard words[0] == "GET" || words[0] == "HEAD" else { return StatusAnswer(status: 405).text(withBody: true) }
    let path = words[1].prefix { $0 != "?" }
    return answer(String(path)).text(withBody: words[0] == "GET")
  }
}
