import EventLoop

/// Gives memory back in quiet moments, for as long as the process lives.
///
/// A burst, such as a roll-out of thousands of servers, leaves free memory scattered over the heap, and pages of code that is not needed until
/// the next one.
final class MemoryRelease {
  private let loop: EventLoop
  private var moments = QuietMoments(cpu: QuietMoments.processTime())

  /// Prepares to look on a loop's thread.
  init(on loop: EventLoop) { self.loop = loop }

  /// Looks now and then; to be called on the loop's thread, or before it runs.
  func start() {
    loop.schedule(at: .now + QuietMoments.interval) { [self] in
      if moments.isNow(cpu: QuietMoments.processTime()) { ProcessMemory.forgetUnused() }
      start()
    }
  }
}
