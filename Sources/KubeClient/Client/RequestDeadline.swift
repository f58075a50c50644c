/// A moment after which a request must not start, for all requests that the current task makes.
///
/// It travels beside the calls and not through them, because `ClusterWriter` knows nothing of leadership.
enum RequestDeadline {
  /// The moment; nil where there is none.
  @TaskLocal static var current: ContinuousClock.Instant?
}
