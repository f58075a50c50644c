import Kubernetes

/// When a failed request is sent again, and after how long.
struct RetryPolicy: Sendable {
  /// What failed.
  enum Failure: Sendable {
    case transfer(TransferFailure)
    case answer(KubernetesError)
  }

  /// Whether a request may be sent twice.
  enum Repeatability: Sendable {
    /// A read: as often as one likes.
    case safe
    /// A write: only where the server has certainly not acted on the first.
    case once
    /// Not even then: the caller wants to see the refusal, such as that of an eviction.
    case never
  }

  /// Sends in all, the first included.
  var attempts = 5
  /// The longest wait that a server can impose; beyond it the caller gets the error and decides.
  var longestWait: Duration = .seconds(30)
  /// The first wait where the server names none; it doubles each time.
  var firstWait: Duration = .milliseconds(100)

  /// How long to wait before the next attempt; nil when there is none.
  ///
  /// A `Retry-After` means that the server turned the request away before it acted (Kubernetes' flow control, its start and its end), so
  /// it may be sent again whatever it is. `random` is in 0..<1 and spreads the waits of many clients.
  func wait(after failure: Failure, attempt: Int, _ repeatability: Repeatability, random: Double) -> Duration? {
    guard attempt < attempts, repeatability != .never else { return nil }
    // 2^attempt of the first wait, at most 2^6 of them, and up to half as much again.
    let backOff = firstWait * Double(1 << min(attempt - 1, 6)) * (1 + random / 2)
    switch failure {
    case .transfer(let failure):
      switch failure.code {
      case .notConnected: return backOff
      case .broken: return repeatability == .safe ? backOff : nil
      case .timedOut, .cancelled, .tooLarge, .tooLate, .shutDown: return nil
      }
    case .answer(let error):
      if let wait = error.retryAfter, error.status == 429 || error.status >= 500 {
        guard wait <= longestWait else { return nil }
        // Spread too: every client was told the same second.
        return wait + firstWait * random
      }
      guard repeatability == .safe else { return nil }
      return error.status >= 500 || error.status == 429 ? backOff : nil
    }
  }
}
