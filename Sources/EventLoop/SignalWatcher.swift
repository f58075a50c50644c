internal import CLinux
internal import Glibc

/// A signal that asks the process for something.
public enum Signal: Int32, Sendable, CaseIterable {
  /// Kubernetes' request to end (SIGTERM).
  case terminate = 15
  /// Ctrl-C (SIGINT).
  case interrupt = 2
  /// The terminal went away, or a request to read files again (SIGHUP).
  case hangUp = 1
}

/// Signals as events of a loop instead of interruptions of a thread.
///
/// Make it before any other thread starts: a signal goes to any thread that does not block it, and threads inherit what
/// their maker blocks.
public final class SignalWatcher: EventHandler {
  private let descriptor: Descriptor
  private let received: (Signal) -> Void

  /// Blocks the signals in the calling thread and reports them on the loop; SIGPIPE is ignored from now on, because a
  /// peer that closes is an outcome of a write, not a reason to die.
  /// - Throws: A `SystemError` when descriptors have run out.
  public init(_ signals: [Signal], on loop: EventLoop, received: @escaping (Signal) -> Void) throws(SystemError) {
    let numbers = signals.map(\.rawValue)
    descriptor = Descriptor(
      owning: Int32(
        try systemCall("watch signals") { unsafe Int(clinux_signal_descriptor(numbers, Int32(numbers.count))) }))
    self.received = received
    Self.ignoreBrokenPipes()
    _ = try loop.add(descriptor.rawValue, for: .readable, handler: self)
  }

  /// Ignores SIGPIPE in the whole process.
  public static func ignoreBrokenPipes() {
    clinux_ignore_signal(SIGPIPE)
  }

  /// Reads the signals that came in and passes each on.
  public func ready(_ readiness: Readiness) {
    var record = [UInt8](repeating: 0, count: MemoryLayout<signalfd_siginfo>.size)
    while case .bytes(record.count)? = try? descriptor.read(into: &record) {
      // ssi_signo is the first field: a 32-bit number in the machine's order.
      let number = Int32(record[0]) | Int32(record[1]) << 8
      if let signal = Signal(rawValue: number) { received(signal) }
    }
  }
}
