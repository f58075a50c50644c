import CCurl
import Glibc

/// The sockets that curl waits for, and when it wants to be called though nothing happened on them.
///
/// curl names its sockets here once, and is told only of those on which something happened. Left to look for itself it would ask the
/// kernel about each of a dozen silent watches whenever one answer arrives, which was half of the thread's work.
final class SocketSet {
  /// What happened on a socket, in curl's bits.
  struct Event {
    let socket: curl_socket_t
    let bits: Int32
  }

  /// When curl wants to be called; nil where it waits for sockets only.
  var timer: ContinuousClock.Instant?
  private let wake: WakePipe
  /// What poll(2) takes; the wake pipe is the first.
  private var entries: [pollfd]
  private var places: [curl_socket_t: Int] = [:]

  /// A set of no sockets, whose wait the pipe ends.
  init(_ wake: WakePipe) {
    self.wake = wake
    entries = [pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0)]
  }

  /// Begins, changes or ends the watch over a socket, as curl's socket callback asks.
  func watch(_ socket: curl_socket_t, _ what: Int32) {
    guard what != CURL_POLL_REMOVE, what != CURL_POLL_NONE else { return forget(socket) }
    var events: Int32 = 0
    if what & CURL_POLL_IN != 0 { events |= POLLIN }
    if what & CURL_POLL_OUT != 0 { events |= POLLOUT }
    if let place = places[socket] {
      entries[place].events = Int16(events)
    } else {
      places[socket] = entries.count
      entries.append(pollfd(fd: socket, events: Int16(events), revents: 0))
    }
  }

  private func forget(_ socket: curl_socket_t) {
    guard let place = places.removeValue(forKey: socket), let last = entries.popLast(), last.fd != socket else {
      return
    }
    entries[place] = last
    places[last.fd] = place
  }

  /// Waits until something happens on a socket, somebody wakes the pipe, or the moment comes; answers what happened.
  ///
  /// - Parameter moment: nil waits for a minute, which is only a bound: the caller looks around and waits again.
  func wait(until moment: ContinuousClock.Instant?) -> [Event] {
    let left = moment.map { ContinuousClock.now.duration(to: $0) } ?? .seconds(60)
    let milliseconds = Int32(max(0, min(60_000, (left / .milliseconds(1)).rounded(.up))))
    // The thread takes no signals, so that a negative answer is none of EINTR; whatever it is, the next turn looks again.
    guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
    if entries[0].revents != 0 { wake.drain() }
    return entries.dropFirst().compactMap { entry in
      entry.revents == 0 ? nil : Event(socket: entry.fd, bits: Self.bits(Int32(entry.revents)))
    }
  }

  /// The bits as curl's own look at a socket would set them: the end of a connection shows to who reads.
  private static func bits(_ events: Int32) -> Int32 {
    var bits: Int32 = 0
    if events & (POLLIN | POLLHUP | POLLERR) != 0 { bits |= CURL_CSELECT_IN }
    if events & POLLOUT != 0 { bits |= CURL_CSELECT_OUT }
    if events & POLLNVAL != 0 { bits |= CURL_CSELECT_ERR }
    return bits
  }
}

extension SocketSet {
  /// Lets curl name its sockets and its timer to this set, which must outlive the handle.
  @unsafe func follow(_ multi: UnsafeMutableRawPointer) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe _ = curl_shim_multi_set_sockets(
      multi,
      { _, socket, what, context, _ in
        guard let context = unsafe context else { return 0 }
        unsafe Unmanaged<SocketSet>.fromOpaque(context).takeUnretainedValue().watch(socket, what)
        return 0
      }, context)
    unsafe _ = curl_shim_multi_set_timer(
      multi,
      { _, milliseconds, context in
        guard let context = unsafe context else { return 0 }
        let set = unsafe Unmanaged<SocketSet>.fromOpaque(context).takeUnretainedValue()
        // A negative time takes the timer away.
        set.timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
        return 0
      }, context)
  }
}
