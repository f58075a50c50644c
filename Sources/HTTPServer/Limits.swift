internal import EventLoop

/// Every bound of a server: sizes, times, numbers.
///
/// The defaults are those of the admission port.
public struct Limits: Sendable {
  /// The largest request head in bytes: 16 KiB holds the API server's head (under 1 KiB) with room for proxies' fields.
  public var headBytes = 16 * 1024
  /// The most fields in a head; the API server sends eight.
  public var fieldCount = 100
  /// The largest body in bytes: object and oldObject of up to 3 MiB each, plus the envelope.
  public var bodyBytes = 8 * 1024 * 1024
  /// The most received bytes of bodies over ``smallBody`` that are not complete, over all loops; who brings more gets 429.
  ///
  /// Eight of the largest, or twenty pairs of object and oldObject at etcd's limit of 1.5 MiB each. A client that sends slowly what nobody
  /// can decide yet must not fill the process.
  public var waitingBytes = 64 * 1024 * 1024
  /// A body up to this size always has room: with ``requestsInFlight`` of them it is as much again.
  static let smallBody = 64 * 1024
  /// The largest trailer section in bytes; trailers are checked and dropped.
  public var trailerBytes = 4 * 1024
  /// How long a TLS handshake may take from the accepted connection on.
  public var handshake = Duration.seconds(5)
  /// How long a head may take from its first byte on.
  public var head = Duration.seconds(5)
  /// How long a body may take from the end of the head on; more than the 8 s within which a review must be answered.
  public var body = Duration.seconds(10)
  /// How long a client may take none of what is sent to it.
  public var write = Duration.seconds(10)
  /// How long a connection may lie unused: above the 90 s of Go's pool, because a POST on a connection that the server
  /// closes at that moment fails and is not replayed.
  public var idle = Duration.seconds(120)
  /// How old a connection may become before an answer closes it, give or take a tenth: clients would stay with one replica
  /// for ever otherwise.
  public var life = Duration.seconds(300)
  /// How long to wait for the client's end after the last answer, so that unread bytes do not reset that answer away.
  public var linger = Duration.seconds(2)
  /// The most connections of the process at once.
  public var connections: Int
  /// The most requests whose body is awaited or whose answer comes later, over all loops; the next ones get 429.
  ///
  /// Three API servers send 600 mutating requests at once by default (`--max-mutating-requests-inflight`).
  public var requestsInFlight = 1024
  /// The most bytes of one streamed answer that wait for a slow client.
  public var streamBytes = 1024 * 1024
  /// How long a server that is asked to end still takes connections, so that endpoints have time to notice.
  public var drainGrace = Duration.seconds(5)
  /// How long a connection must be quiet, after the grace, to be closed.
  public var drainQuiet = Duration.milliseconds(500)
  /// How long in-flight requests may take after the grace; with the grace it stays under the 30 s that Kubernetes gives.
  public var drainLimit = Duration.seconds(20)

  /// What other servers of the process, files, logs and loops may need of its descriptors.
  private static let otherDescriptors = 256
  /// The most connections of a server that only a few clients know, such as one for probes and scrapes.
  public static let fewConnections = 64

  /// The defaults, with as many connections as the process has descriptors, less those that others need.
  public init() {
    connections = max(16, EventLoop.descriptorLimit - Self.otherDescriptors)
  }

  /// Answers that wait for the socket: past this, the next pipelined request waits too.
  static let pipelinedOutput = 256 * 1024
}
