internal import Synchronization

/// What a server has done so far; everything but `connectionsOpen` and `requestsInFlight` only grows.
public struct ServerStatistics: Sendable, Equatable {
  /// Connections accepted.
  public var connectionsAccepted = 0
  /// Connections that are open now.
  public var connectionsOpen = 0
  /// TLS handshakes that failed or took too long.
  public var handshakesFailed = 0
  /// Requests whose body is awaited or whose answer comes later, now.
  public var requestsInFlight = 0
  /// Plain bytes received.
  public var bytesReceived = 0
  /// Plain bytes sent.
  public var bytesSent = 0
  /// Answers by status code.
  public var responses: [Int: Int] = [:]

  /// No activity.
  public init() {}

  /// What two servers have done together.
  public static func + (left: ServerStatistics, right: ServerStatistics) -> ServerStatistics {
    var sum = left
    sum.connectionsAccepted += right.connectionsAccepted
    sum.connectionsOpen += right.connectionsOpen
    sum.handshakesFailed += right.handshakesFailed
    sum.requestsInFlight += right.requestsInFlight
    sum.bytesReceived += right.bytesReceived
    sum.bytesSent += right.bytesSent
    sum.responses.merge(right.responses, uniquingKeysWith: +)
    return sum
  }
}

/// The counters of one loop: written by its thread only, read by any.
///
/// Single-writer counters need no atomic addition, only stores that do not tear.
final class LoopCounters: Sendable {
  /// One counter that one thread advances.
  struct Counter: ~Copyable {
    private let value = Atomic(0)

    /// Adds on the one writing thread.
    @inline(__always)
    func add(_ amount: Int) {
      value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    var current: Int { value.load(ordering: .relaxed) }
  }

  let accepted = Counter()
  let open = Counter()
  let handshakesFailed = Counter()
  let inFlight = Counter()
  let received = Counter()
  let sent = Counter()
  /// The status codes 100 to 599.
  private let responses = InlineArray<500, Counter> { _ in Counter() }

  func countResponse(_ status: Status) {
    responses[status.code - 100].add(1)
  }

  var snapshot: ServerStatistics {
    var statistics = ServerStatistics()
    statistics.connectionsAccepted = accepted.current
    statistics.connectionsOpen = open.current
    statistics.handshakesFailed = handshakesFailed.current
    statistics.requestsInFlight = inFlight.current
    statistics.bytesReceived = received.current
    statistics.bytesSent = sent.current
    for index in responses.indices where responses[index].current > 0 {
      statistics.responses[index + 100] = responses[index].current
    }
    return statistics
  }
}
