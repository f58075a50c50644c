import Logging

/// Tries again until something works: what a replica needs from the API server before it can do anything.
struct Persistence: Sendable {
  /// The first wait, and the longest one: an API server that restarts is back within the latter.
  private static let waits = (first: Duration.milliseconds(250), longest: Duration.seconds(10))

  let log: Logger

  /// What the body answers at last; nil where the task was cancelled first.
  ///
  /// - Parameter what: what is done, for the log line of each failure: "cannot …".
  func value<Value: Sendable>(_ what: String, _ body: () async throws -> Value) async -> Value? {
    var wait = Self.waits.first
    while !Task.isCancelled {
      do {
        return try await body()
      } catch {
        log.warning("cannot \(what), trying again", metadata: ["error.message": "\(error)", "after": "\(wait)"])
      }
      // Up to half as much again, so that replicas do not come all at once.
      try? await Task.sleep(for: wait * Double.random(in: 1..<1.5))
      wait = min(wait * 2, Self.waits.longest)
    }
    return nil
  }
}
