/// A server that finishes what is in flight before it ends.
protocol DrainingServer: Sendable {
  /// Begins the end, without waiting for it.
  func drain(grace: Duration?)
  /// Waits for the end; blocks the calling thread.
  func join()
}
