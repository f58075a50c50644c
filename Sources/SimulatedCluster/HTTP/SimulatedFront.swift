public import HTTPServer
import Kubernetes
import Synchronization

/// The simulated API server on a port, for `kubectl` and any other client of Kubernetes.
///
/// The loops of the HTTP server only take requests in; tasks of ``run()`` answer them, because a write may wait for a webhook.
public final class SimulatedFront: Sendable {
  /// The cluster that is served.
  public let server: SimulatedAPIServer
  private let http: Server
  private let hub: WatchHub
  private let jobs: AsyncStream<Job>
  private let inbox: AsyncStream<Job>.Continuation

  private struct Job: Sendable {
    let request: FrontRequest
    let handle: ResponseHandle
  }

  /// A front of a cluster; it takes requests after ``start()``.
  ///
  /// - Parameters:
  ///   - address: `host:port`; port 0 takes a free one.
  ///   - security: TLS, or nil for plain text.
  ///   - threads: Loops that take requests.
  /// - Throws: A `ServerError` for a bad certificate.
  public init(
    _ server: SimulatedAPIServer, address: String = "127.0.0.1:0", security: ServerSecurity? = nil, threads: Int = 1
  ) throws(ServerError) {
    self.server = server
    // Each waiting request holds its place in the HTTP server's limit of requests in flight, so the inbox has a limit too.
    let (jobs, inbox) = AsyncStream.makeStream(of: Job.self)
    (self.jobs, self.inbox) = (jobs, inbox)
    hub = WatchHub(server)
    var router = Router()
    router.catchAll { head, body, handle in
      inbox.yield(Job(request: FrontRequest(head, body), handle: handle))
      return .later
    }
    http = try Server(
      [Endpoint(address, security: security, router: router)], threads: threads, limits: Self.limits,
      name: "simulated-api")
  }

  /// The HTTP server's limits with room for many watches, each of which is a request in flight.
  private static var limits: Limits {
    var limits = Limits()
    limits.requestsInFlight = 8192
    // A piece of a watch with the largest object in it.
    limits.streamBytes = 4 * 1024 * 1024
    limits.headBytes = 64 * 1024
    return limits
  }

  /// Binds the port.
  ///
  /// - Returns: The address, with the port that was taken.
  public func start() throws(ServerError) -> String { try http.start()[0] }

  /// Answers requests until the task is cancelled or ``stop()`` is called.
  public func run() async {
    let handler = FrontHandler(server: server, hub: hub)
    await withDiscardingTaskGroup { group in
      group.addTask { await self.hub.run() }
      for await job in jobs { group.addTask { await handler.serve(job.request, job.handle) } }
      group.cancelAll()
    }
  }

  /// Closes the port and all connections; blocks, so it must not be called from a task.
  public func stop() {
    inbox.finish()
    hub.cutAll()
    http.stop()
  }

  /// Cuts the connections of all watches, as a failing network does.
  public func cutWatches() { hub.cutAll() }
}
