/// Asks a replica to end, from any thread.
struct StopSignal: Sendable {
  /// Why a replica ends.
  enum Reason: Sendable {
    /// Somebody asked for it.
    case asked(grace: Duration)
    /// It cannot go on.
    case failed(CommandFailure)
  }

  private let reasons: AsyncStream<Reason>
  private let inlet: AsyncStream<Reason>.Continuation

  /// A signal that nobody has given.
  init() {
    // The first reason counts.
    (reasons, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  /// Gives the signal.
  func send(_ reason: Reason) { inlet.yield(reason) }

  /// Waits for the signal, once; a cancelled task counts as asked without grace.
  func wait() async -> Reason {
    for await reason in reasons { return reason }
    return .asked(grace: .zero)
  }
}
