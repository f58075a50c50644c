/// When the requests of the current task must start and end.
///
/// It travels beside the calls and not through them, because `ClusterWriter` knows nothing of leadership.
struct RequestDeadline: Sendable, Equatable {
  /// A request that has not started by then is refused.
  var start: ContinuousClock.Instant
  /// A request that has not ended by then is broken off.
  var end: ContinuousClock.Instant
  /// Whether requests go on when their task is cancelled, as what is done on the way out has to.
  var outlivesTask = false

  /// The deadline of the current task; nil where there is none.
  @TaskLocal static var current: RequestDeadline?
}
