internal import CLinux
internal import Glibc

/// The kernel's interest list (epoll) and the handlers behind its tokens.
///
/// A token is a slot number and the slot's generation, so that a report for a descriptor that was removed in the same
/// batch reaches nobody, even when its number is in use again.
@safe  // Safe because the report buffer is owned here, never leaves, and is freed in deinit.
final class Poller {
  private struct Slot {
    var handler: (any EventHandler)?
    var generation: UInt32
  }

  private let epoll: Descriptor
  private var slots: [Slot] = []
  private var free: [Int] = []
  private let reports: UnsafeMutablePointer<clinux_event>

  init() throws(SystemError) {
    epoll = Descriptor(owning: Int32(try systemCall("make an epoll") { Int(clinux_make_epoll()) }))
    unsafe reports = .allocate(capacity: Int(CLINUX_BATCH))
  }

  deinit {
    unsafe reports.deallocate()
  }

  func add(_ descriptor: Int32, _ interest: Readiness, _ handler: any EventHandler) throws(SystemError) -> UInt64 {
    let index = free.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot(handler: nil, generation: 0)) }
    slots[index].handler = handler
    let token = UInt64(slots[index].generation) << 32 | UInt64(index)
    do {
      try control(EPOLL_CTL_ADD, descriptor, interest, token)
    } catch {
      release(index)
      throw error
    }
    return token
  }

  func change(_ token: UInt64, _ descriptor: Int32, _ interest: Readiness) throws(SystemError) {
    try control(EPOLL_CTL_MOD, descriptor, interest, token)
  }

  func remove(_ token: UInt64, _ descriptor: Int32) {
    // The descriptor is open (its owner is about to close it), so the call cannot fail.
    try? control(EPOLL_CTL_DEL, descriptor, [], token)
    release(Int(token & 0xffff_ffff))
  }

  /// Waits for reports, tells that the wait is over, and hands each report to its handler.
  func poll(milliseconds: Int32, woken: () -> Void) throws(SystemError) {
    let raw = epoll.rawValue
    let count = try systemCall("wait for events") { unsafe Int(clinux_epoll_wait(raw, reports, milliseconds)) }
    woken()
    for index in 0..<count {
      let report = unsafe reports[index]
      let slot = Int(report.token & 0xffff_ffff)
      guard slots[slot].generation == UInt32(report.token >> 32) else { continue }
      slots[slot].handler?.ready(Readiness(rawValue: report.events))
    }
  }

  /// Forgets every handler, so that handlers that hold the loop do not keep it alive for ever.
  func removeAll() {
    slots.removeAll()
    free.removeAll()
  }

  private func release(_ index: Int) {
    slots[index].handler = nil
    slots[index].generation &+= 1
    free.append(index)
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ interest: Readiness, _ token: UInt64)
    throws(SystemError)
  {
    let raw = epoll.rawValue
    _ = try systemCall("register a descriptor") {
      Int(clinux_epoll_control(raw, operation, descriptor, interest.rawValue, token))
    }
  }
}
