import JSON
public import Kubernetes
public import Logging
import Synchronization

/// A client of one API server: reads, writes and watches over shared connections, with credentials, a rate limit and retries.
///
/// Every call throws ``KubernetesError`` with what the server's `Status` said, and ends when its task is cancelled.
public final class KubeClient: Sendable {
  /// The namespace that is meant where none is named.
  public let namespace: String

  let limits: ClientLimits
  let metrics: ClientMetrics
  let log: Logger
  private let transport: Transport
  private let source: CredentialSource
  private let bucket: Mutex<TokenBucket>
  private let retryPolicy: RetryPolicy
  private let began = ContinuousClock.now
  private let userAgent: String

  /// Connects nothing yet; the first request does.
  ///
  /// - Parameter environment: What credential programs find, on top of their own variables.
  public init(
    _ configuration: ClientConfiguration, metrics: ClientMetrics = ClientMetrics(),
    environment: [String: String] = [:], log: Logger = Logger(label: "kube-client")
  ) {
    namespace = configuration.namespace
    limits = configuration.limits
    self.metrics = metrics
    self.log = log
    userAgent = configuration.userAgent
    transport = Transport(configuration.endpoint, rest: Self.rest)
    source = CredentialSource(configuration.credentials, environment: environment)
    bucket = Mutex(
      TokenBucket(
        rate: configuration.limits.queriesPerSecond, burst: configuration.limits.burst, now: ContinuousClock.now))
    retryPolicy = RetryPolicy(attempts: configuration.limits.attempts)
  }

  /// Ends every request and the client's thread; waits for the thread, which takes no longer than it needs to close its connections.
  public func shutDown() { transport.shutDown() }

  /// Reads a path outside of resources, such as `/version` or `/readyz`.
  public func read(path: String) async throws(KubernetesError) -> [UInt8] {
    try await send(APIRequest(path: path))
  }

  /// Sends a request, again where that is allowed and may help, and answers the body.
  func send(_ request: APIRequest) async throws(KubernetesError) -> [UInt8] {
    var attempt = 0
    var hasRenewed = false
    // Ends after `limits.attempts` at the latest, one more where credentials were renewed.
    while true {
      attempt += 1
      let credentials = try await source.current()
      switch await perform(request, credentials, at: try turn(of: request)) {
      case .success(let body): return body
      case .failure(let failure):
        if case .answer(let error) = failure, error.status == 401, !hasRenewed, source.invalidate(credentials) {
          hasRenewed = true
          attempt -= 1
          continue
        }
        let random = Double.random(in: 0..<1)
        guard
          let wait = retryPolicy.wait(
            after: failure, attempt: attempt, request.repeatability, random: random)
        else { throw failure.error }
        metrics.retried()
        try await pause(wait)
      }
    }
  }

  /// Opens a stream of lines; the one reader of the answer has to look at the first step.
  func stream(_ request: APIRequest, lifetime: Duration) async throws(KubernetesError) -> RunningStream {
    let credentials = try await source.current()
    var call = call(request, credentials, timeout: lifetime)
    call.earliest = try turn(of: request)
    return transport.stream(call)
  }

  /// Forgets credentials after a stream was refused with 401.
  func renewCredentials() async {
    if let current = try? await source.current() { _ = source.invalidate(current) }
  }

  private func perform(
    _ request: APIRequest, _ credentials: CredentialSource.Current, at turn: ContinuousClock.Instant?
  ) async -> Result<[UInt8], RetryPolicy.Failure> {
    var call = call(request, credentials, timeout: limits.timeout)
    call.earliest = turn
    let start = turn ?? .now
    let result = await transport.perform(call)
    let elapsed = max(.zero, start.duration(to: .now))
    switch result {
    case .failure(let failure):
      metrics.finished(request, code: 0, after: elapsed)
      return .failure(.transfer(failure))
    case .success(let answer):
      metrics.finished(request, code: answer.head.status, after: elapsed)
      for warning in answer.head.warnings {
        log.warning("the API server warns", metadata: ["warning": "\(warning)", "path": "\(request.path)"])
      }
      guard answer.head.status >= 300 else { return .success(answer.body) }
      return .failure(.answer(KubernetesError(answer)))
    }
  }

  private func call(_ request: APIRequest, _ credentials: CredentialSource.Current, timeout: Duration) -> HTTPCall {
    var headers = credentials.headers + ["User-Agent: \(userAgent)", "Accept: application/json"]
    if request.body != nil { headers.append("Content-Type: \(request.contentType.rawValue)") }
    return HTTPCall(
      method: request.method, target: request.path + request.query.text, headers: headers, body: request.body,
      identity: credentials.identity, timeout: timeout, deadline: RequestDeadline.current)
  }

  /// What a controller does not notice, and what most of a burst of events fits in.
  private static let rest = Duration.milliseconds(5)

  /// How long requests that come too early are gathered, to be sent together.
  ///
  /// Each wake-up of the client's thread, of the server and of whoever waits costs as much as the request itself; ten in a second are few,
  /// and a request that waits for the rate limit anyway waits half of this longer.
  private static let turnInterval = Duration.milliseconds(100)

  /// When the rate limit lets a request go, nil for at once; leases go past it, so that a busy controller does not lose its leadership to
  /// itself.
  private func turn(of request: APIRequest) throws(KubernetesError) -> ContinuousClock.Instant? {
    guard request.resource != Resource.leases.plural else { return nil }
    let now = ContinuousClock.now
    let wait = bucket.withLock { $0.take(now, patience: limits.timeout) }
    guard let wait else {
      throw KubernetesError(.tooManyRequests, message: "the client's own rate limit is exceeded")
    }
    guard wait > .zero else { return nil }
    metrics.throttled(wait)
    let turns = (began.duration(to: now + wait) / Self.turnInterval).rounded(.up)
    return began + Self.turnInterval * turns
  }

  private func pause(_ duration: Duration) async throws(KubernetesError) {
    do {
      try await Task.sleep(for: duration)
    } catch {
      throw .cancelled
    }
  }
}

extension RetryPolicy.Failure: Error {
  /// What the caller sees.
  var error: KubernetesError {
    switch self {
    case .transfer(let failure): KubernetesError(failure)
    case .answer(let error): error
    }
  }
}
