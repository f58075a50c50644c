internal import EventLoop
internal import Synchronization
internal import TLS

/// Why a server could not start or take a new certificate.
public struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which kind of failure it is.
  public enum Code: Sendable, Equatable {
    /// An address is malformed, taken or forbidden, or descriptors or threads have run out.
    case system
    /// A certificate or key is malformed, or the two do not belong together.
    case certificate
  }

  /// Which kind of failure it is.
  public let code: Code
  /// What failed, in words.
  public let description: String

  init(_ error: SystemError) {
    code = .system
    description = error.description
  }

  init(_ error: TLSError) {
    code = .certificate
    description = error.description
  }
}

/// A pair and the rules of an endpoint that speaks TLS, as PEM text.
public struct ServerSecurity: Sendable {
  /// The certificate chain, the server's own first.
  public var certificatePEM: [UInt8]
  /// The private key of the first certificate.
  public var keyPEM: [UInt8]
  /// The authorities of client certificates; `nil` asks for none, otherwise every client must prove one.
  public var clientAuthoritiesPEM: [UInt8]?
  /// The application protocols, most wanted first.
  public var protocols: [String]

  /// A pair for HTTP/1.1.
  public init(
    certificatePEM: [UInt8], keyPEM: [UInt8], clientAuthoritiesPEM: [UInt8]? = nil, protocols: [String] = ["http/1.1"]
  ) {
    self.certificatePEM = certificatePEM
    self.keyPEM = keyPEM
    self.clientAuthoritiesPEM = clientAuthoritiesPEM
    self.protocols = protocols
  }

  func makeContext() throws(TLSError) -> ServerContext {
    let identity = try Identity(certificatePEM: certificatePEM, keyPEM: keyPEM)
    let authorities: [Certificate]? =
      if let clientAuthoritiesPEM { try Certificate.all(pem: clientAuthoritiesPEM) } else { nil }
    return try ServerContext(
      identity: identity, settings: ServerSettings(protocols: protocols, clientAuthorities: authorities))
  }
}

/// One address with what is served there.
public struct Endpoint: Sendable {
  /// How many loops listen.
  public enum Spread: Sendable {
    /// Every loop: the kernel spreads connections over them.
    case everyLoop
    /// The first loop: enough for probes and scrapes.
    case oneLoop
  }

  /// `host:port`; port 0 takes a free one.
  public var address: String
  /// TLS, or `nil` for plain text.
  public var security: ServerSecurity?
  /// How many loops listen.
  public var spread: Spread
  /// What speaks with the clients.
  public var service: any StreamService

  /// An endpoint of any protocol.
  public init(
    _ address: String, security: ServerSecurity? = nil, spread: Spread = .everyLoop, service: any StreamService
  ) {
    self.address = address
    self.security = security
    self.spread = spread
    self.service = service
  }

  /// An endpoint that serves a router's paths over HTTP/1.1.
  public init(_ address: String, security: ServerSecurity? = nil, spread: Spread = .everyLoop, router: Router) {
    self.init(address, security: security, spread: spread, service: HTTPService(router))
  }
}

/// Loops, listeners and connections put together: start, serve, drain, join.
///
/// Every loop has a listener of its own per endpoint (`SO_REUSEPORT`) and keeps its connections for life, so loops share
/// nothing but a few counters.
public final class Server: Sendable {
  private enum State {
    case idle
    case running
    case draining
    case joined
  }

  private let endpoints: [Endpoint]
  private let contexts: [ServerContext?]
  private let workers: [Worker]
  private let limits: Limits
  private let state = Mutex(State.idle)

  /// Prepares loops and certificates; nothing is bound yet.
  /// - Parameters:
  ///   - threads: The number of loops; by default one per processor.
  ///   - name: The beginning of the threads' names.
  /// - Throws: A `ServerError` for a bad pair, or when descriptors have run out.
  public init(
    _ endpoints: [Endpoint], threads: Int? = nil, limits: Limits = Limits(), name: String = "http"
  ) throws(ServerError) {
    self.endpoints = endpoints
    self.limits = limits
    let totals = ServerTotals()
    do throws(TLSError) {
      var contexts: [ServerContext?] = []
      for endpoint in endpoints { contexts.append(try endpoint.security?.makeContext()) }
      self.contexts = contexts
    } catch {
      throw ServerError(error)
    }
    do throws(SystemError) {
      var workers: [Worker] = []
      for index in 0..<max(1, threads ?? EventLoop.coreCount) {
        workers.append(try Worker(name: "\(name)-\(index)", limits: limits, totals: totals) { ContinuousClock.now })
      }
      self.workers = workers
    } catch {
      throw ServerError(error)
    }
    SignalWatcher.ignoreBrokenPipes()
  }

  /// A server that is let go of while it runs ends as by `stop()`: its threads never outlive it.
  deinit {
    let isRunning = state.withLock { $0 == .running || $0 == .draining }
    if isRunning { stop() }
  }

  /// Binds every endpoint and starts the loops.
  /// - Returns: The bound addresses in the order of the endpoints, with the ports that the kernel chose.
  /// - Throws: A `ServerError` that names the address that cannot be bound; nothing runs then.
  public func start() throws(ServerError) -> [String] {
    precondition(state.withLock { $0 == .idle }, "a server starts once")
    var started = 0
    do throws(SystemError) {
      var addresses: [String] = []
      for (endpoint, context) in zip(endpoints, contexts) {
        addresses.append(try bind(endpoint, endpoint.service, context))
      }
      for worker in workers {
        try worker.loop.start()
        started += 1
      }
      state.withLock { $0 = .running }
      return addresses
    } catch {
      for worker in workers.prefix(started) {
        worker.loop.submit { worker.beginDrain(grace: .zero) }
        worker.loop.join()
      }
      state.withLock { $0 = .joined }
      throw ServerError(error)
    }
  }

  /// Whether requests are served and more are welcome; false from the moment of `drain()`: what readiness should say.
  public var isReady: Bool { state.withLock { $0 == .running } }

  /// What has been done so far, over all loops.
  public var statistics: ServerStatistics {
    workers.reduce(ServerStatistics()) { $0 + $1.counters.snapshot }
  }

  /// Shows another pair to new connections of every TLS endpoint; those that are open keep theirs.
  /// - Throws: A `ServerError` for a malformed or mismatched pair; the last good one stays.
  public func reload(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(ServerError) {
    do throws(TLSError) {
      let identity = try Identity(certificatePEM: certificatePEM, keyPEM: keyPEM)
      for context in contexts { try context?.replace(with: identity) }
    } catch {
      throw ServerError(error)
    }
  }

  /// Begins the way to the end, without waiting for it: `isReady` turns false, answers carry `Connection: close`;
  /// after the grace listeners close, then quiet connections, then those whose requests were in flight.
  /// - Parameter grace: How long connections are still taken; by default `Limits.drainGrace`.
  public func drain(grace: Duration? = nil) {
    let begins = state.withLock { state in
      guard state == .running else { return false }
      state = .draining
      return true
    }
    guard begins else { return }
    for worker in workers {
      worker.loop.submit { [limits] in worker.beginDrain(grace: grace ?? limits.drainGrace) }
    }
  }

  /// Waits until every loop has ended, at most the grace and `Limits.drainLimit` after `drain()`; blocks the calling
  /// thread, which must not be one of the cooperative pool's.
  public func join() {
    for worker in workers { worker.loop.join() }
    state.withLock { $0 = .joined }
  }

  /// Ends without grace: closes the listeners, finishes what is in flight, joins.
  public func stop() {
    drain(grace: .zero)
    join()
  }

  private func bind(
    _ endpoint: Endpoint, _ service: some StreamService, _ context: ServerContext?
  ) throws(SystemError) -> String {
    var address = try SocketAddress(endpoint.address)
    for (place, worker) in (endpoint.spread == .everyLoop ? workers[...] : workers.prefix(1)).enumerated() {
      let socket = try Descriptor.listening(on: address, place == 0 ? .first : .joins)
      // The first listener of port 0 decides the port of all.
      address = try socket.localAddress()
      worker.add(
        try Listener(socket, on: worker) { [unowned worker] connected in
          Connection(connected, context, service, on: worker)
        })
    }
    return address.description
  }
}
