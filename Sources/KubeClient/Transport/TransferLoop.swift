import CCurl
import Glibc

/// What runs on the transport's thread: takes letters, lets curl work, hands out ends, and waits.
@safe struct TransferLoop: ~Copyable {
  // Safe because curl's handle is made by the initialiser, used by one thread only (~Copyable), and freed in deinit; each transfer
  // leaves it before the transfer is freed.
  private let endpoint: Endpoint
  private let mailbox: Mailbox
  private let rest: Duration
  private let multi: UnsafeMutableRawPointer
  private let sockets: SocketSet
  private var held = HeldCalls()
  private var transfers: [UInt64: Transfer] = [:]
  private var numbers: [UnsafeMutableRawPointer: UInt64] = unsafe [:]
  private var isStopping = false

  /// - Parameter rest: How long what happens after a turn is gathered for the next one.
  init(_ endpoint: Endpoint, _ mailbox: Mailbox, rest: Duration) {
    guard let multi = unsafe curl_multi_init() else { preconditionFailure("no memory for a curl handle") }
    self.endpoint = endpoint
    self.mailbox = mailbox
    self.rest = rest
    unsafe self.multi = unsafe multi
    sockets = SocketSet(mailbox.wake)
    // With HTTP/1.1 each watch holds a connection; 64 take every informer and the reconcilers beside them.
    unsafe curl_shim_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64)
    unsafe curl_shim_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    unsafe sockets.follow(multi)
  }

  deinit { unsafe curl_multi_cleanup(multi) }

  /// Works until the mailbox says stop; ends every transfer before it returns.
  mutating func run() {
    while !isStopping {
      for letter in mailbox.takeAll() { open(letter) }
      for entry in held.takeDue(.now) { start(entry.number, entry.call, entry.sink) }
      callOnTime()
      finishDone()
      guard !isStopping else { break }
      takeRest()
      let due = [sockets.timer, held.nextDue].compactMap(\.self).min()
      for event in sockets.wait(until: mailbox.awaitLetters() ? due : .now) { act(event.socket, event.bits) }
    }
    stop()
  }

  /// A turn for each answer and each event of a watch costs more than what is in them, here and in the threads that it wakes.
  private func takeRest() {
    guard rest > .zero else { return }
    usleep(UInt32(rest / .microseconds(1)))
  }

  private mutating func open(_ letter: Mailbox.Letter) {
    switch letter {
    case .start(let number, let call, let sink):
      if let due = call.earliest, due > .now {
        held.hold(HeldCalls.Entry(number: number, call: call, sink: sink, due: due))
      } else {
        start(number, call, sink)
      }
    case .cancel(let number):
      let failure = TransferFailure(.cancelled, "the request was cancelled")
      held.remove(number)?.sink.finished(failure)
      end(number, failure)
    case .resume(let number):
      if let transfer = transfers[number] { unsafe _ = curl_easy_pause(transfer.easy, CURLPAUSE_CONT) }
    case .stop: isStopping = true
    }
  }

  private mutating func start(_ number: UInt64, _ call: HTTPCall, _ sink: any TransferSink) {
    guard let timeout = call.timeLeft(.now) else {
      return sink.finished(TransferFailure(.tooLate, "the time in which this request was allowed has passed"))
    }
    var call = call
    call.timeout = timeout
    guard let transfer = Transfer(call, endpoint, sink), unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
    else { return sink.finished(TransferFailure(.notConnected, "no memory for a request")) }
    transfers[number] = transfer
    unsafe numbers[transfer.easy] = number
  }

  /// Calls curl where its timer has passed; a timer rings once, and curl sets the next one itself.
  private func callOnTime() {
    guard let timer = sockets.timer, timer <= .now else { return }
    sockets.timer = nil
    act(curl_shim_timeout_socket(), 0)
  }

  private func act(_ socket: curl_socket_t, _ bits: Int32) {
    var running: Int32 = 0
    unsafe curl_multi_socket_action(multi, socket, bits, &running)
  }

  private mutating func finishDone() {
    var waiting: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &waiting) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else { continue }
      let result = unsafe curl_shim_result(message)
      guard let number = unsafe numbers[easy], let transfer = transfers[number] else { continue }
      end(number, transfer.failure(result))
    }
  }

  private mutating func end(_ number: UInt64, _ failure: TransferFailure?) {
    guard let transfer = transfers.removeValue(forKey: number) else { return }
    unsafe numbers[transfer.easy] = nil
    unsafe curl_multi_remove_handle(multi, transfer.easy)
    transfer.sink.finished(failure)
  }

  private mutating func stop() {
    let failure = TransferFailure(.shutDown, "the client was shut down")
    for case .start(_, _, let sink) in mailbox.close() { sink.finished(failure) }
    for entry in held.takeAll() { entry.sink.finished(failure) }
    for number in transfers.keys { end(number, failure) }
  }
}
