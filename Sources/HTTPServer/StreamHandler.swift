internal import EventLoop

/// What a protocol says after it has looked at a connection.
public enum StreamVerdict: Sendable, Equatable {
  /// Send what is in the output and read on.
  case proceed
  /// Send what is in the output and read nothing until `ConnectionLink.perform` says otherwise.
  case pause
  /// Send what is in the output, then end the connection in good order.
  case finish
  /// End the connection at once.
  case abort
}

/// How far a server is on its way to the end.
public enum DrainStage: Sendable, Equatable {
  /// Not on its way.
  case open
  /// Connections are still taken; every answer asks the client to go elsewhere.
  case leaving
  /// Nothing new is taken; what is quiet ends, what is in flight is finished. Since then.
  case closing(since: ContinuousClock.Instant)
}

/// The buffers of a connection that has something to do; connections at rest have none.
public final class Workspace {
  /// Received bytes that the protocol has not used.
  public var input = InputBuffer()
  /// Bytes to send.
  public var output: [UInt8] = []
  /// How many of them the socket has taken.
  var sent = 0

  init() {}

  /// Whether buffers that grew for one large request should not be kept for the next.
  var isOversized: Bool { input.storage.count + output.capacity > 4 * InputBuffer.usualCapacity }
}

/// A protocol over one connection: a value that is confined to its loop's thread.
///
/// HTTP/1.1 is one; others (HTTP/2) use the same listeners, loops, TLS, buffers and deadlines by being another.
public protocol StreamHandler: SendableMetatype {
  /// Hears that bytes may flow, after the TLS handshake if there is one.
  /// - Parameter clientSubject: The subject of the client's certificate, if it has proven one.
  mutating func opened(_ workspace: Workspace, clientSubject: String?, now: ContinuousClock.Instant) -> StreamVerdict
  /// Looks at the received bytes, and puts answers into the output.
  mutating func received(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict
  /// Hears that the socket has taken the whole output; `nil` changes nothing.
  mutating func flushed(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict?
  /// Hears that `deadline` has passed.
  mutating func expired(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict
  /// Hears that the server is about to end; `nil` changes nothing.
  mutating func draining(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict?
  /// Hears that the connection is gone.
  mutating func closed()
  /// When the peer has waited too long; `nil` for never.
  var deadline: ContinuousClock.Instant? { get }
}

/// What makes the protocol of each new connection of an endpoint.
public protocol StreamService: Sendable {
  /// The protocol.
  associatedtype Handler: StreamHandler
  /// Makes the protocol of one connection, on its loop's thread.
  func makeHandler(_ context: ConnectionContext<Handler>) -> Handler
}

/// What a protocol knows of its connection and its server.
public struct ConnectionContext<Handler: StreamHandler> {
  /// The way back to the connection from other threads.
  public let link: ConnectionLink<Handler>
  /// When the connection was taken.
  public let openedAt: ContinuousClock.Instant
  let worker: Worker

  /// The server's bounds.
  public var limits: Limits { worker.limits }
}

/// The way back to a connection from any thread; it does not keep the connection alive.
public struct ConnectionLink<Handler: StreamHandler>: Sendable {
  /// Holds the connection weakly.
  final class Target: @unchecked Sendable {
    // Safe because it is set before the link leaves the loop's thread, and read on that thread only.
    weak var connection: Connection<Handler>?
  }

  let loop: EventLoop
  let target = Target()

  /// Runs a closure over the connection's protocol on its loop's thread; nothing happens when the connection is gone.
  /// - Returns: Whether the loop still runs.
  @discardableResult
  public func perform(
    _ body: @escaping @Sendable (inout Handler, Workspace, ContinuousClock.Instant) -> StreamVerdict
  ) -> Bool {
    loop.submit { [target] in target.connection?.perform(body) }
  }
}
