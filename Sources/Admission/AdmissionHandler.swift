import JSON

/// What decides the reviews of one path.
public protocol Reviewer: Sendable {
  /// Decides one review.
  ///
  /// - Throws: ``ReviewFailure`` in place of a refusal, or when nothing can be decided now.
  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision
}

/// A decision with everything that was noted on the way.
public struct ReviewResult: Sendable {
  /// What becomes of the operation.
  public let decision: AdmissionDecision
  /// The warnings, audit annotations and reports.
  public let context: ReviewContext
}

/// Bytes in, bytes out: the reviews of one path.
///
/// A handler is a value without state, so every thread may use the same one.
public struct AdmissionHandler: Sendable {
  /// The longest body: object and oldObject of up to 3 MiB each, which is the API server's own limit, and the envelope.
  public static let bodyLimit = 8 << 20

  /// The path of the URL.
  public let path: String
  private let reviewer: any Reviewer
  private let statistics: AdmissionStatistics?
  private let trace: ReviewTrace?
  private let now: @Sendable () -> ContinuousClock.Instant

  /// A handler for a path.
  ///
  /// - Parameters:
  ///   - trace: makes spans of the reviews; nil makes none, and costs nothing.
  ///   - now: the clock that deadlines and times are read from.
  public init(
    path: String, reviewer: any Reviewer, statistics: AdmissionStatistics? = nil, trace: ReviewTrace? = nil,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.path = path
    self.reviewer = reviewer
    self.statistics = statistics
    self.trace = trace
    self.now = now
  }

  /// Answers one review.
  ///
  /// - Parameters:
  ///   - query: the text behind the question mark of the URL, which holds the timeout.
  ///   - receivedAt: when the first byte of the request had come, from which the deadline counts.
  ///   - answer: is overwritten; its memory is used again.
  public func handle(
    body: Span<UInt8>, query: String, receivedAt: ContinuousClock.Instant, into answer: inout AdmissionAnswer
  ) {
    var span = trace?.begin()
    respond(to: body, query: query, receivedAt: receivedAt, &span, into: &answer)
    statistics?.count(answer, from: receivedAt, to: now())
    span.take()?.end(answer)
  }

  private func respond(
    to body: Span<UInt8>, query: String, receivedAt: ContinuousClock.Instant, _ span: inout ReviewSpan?,
    into answer: inout AdmissionAnswer
  ) {
    let request: AdmissionRequest
    do {
      request = try AdmissionHandler.open(body)
    } catch {
      return answer.refuse(error)
    }
    let deadline = receivedAt + ReviewDeadline.duration(query: query)
    do {
      let result = try decide(request, deadline: deadline, isExplaining: false, span?.scope)
      answer.decide(result.decision, result.context, request)
      span?.note(request, result.context)
    } catch {
      answer.postpone(error.reason, request)
      span?.note(request, nil)
    }
  }

  /// Parses a body.
  ///
  /// - Throws: ``ReviewError`` for anything that is no AdmissionReview.
  public static func open(_ body: Span<UInt8>) throws(ReviewError) -> AdmissionRequest {
    let document: JSONDocument
    do {
      document = try JSONDocument(body, limits: JSONLimits(bytes: bodyLimit))
    } catch {
      throw .notJSON(error.description)
    }
    return try AdmissionRequest(document)
  }

  /// Decides a review that is open already; a refusal is a decision like any other.
  ///
  /// - Throws: ``Unavailable`` when nothing can be decided now.
  public func decide(
    _ request: AdmissionRequest, deadline: ContinuousClock.Instant, isExplaining: Bool = false
  ) throws(Unavailable) -> ReviewResult {
    try decide(request, deadline: deadline, isExplaining: isExplaining, nil)
  }

  private func decide(
    _ request: AdmissionRequest, deadline: ContinuousClock.Instant, isExplaining: Bool, _ scope: SpanScope?
  ) throws(Unavailable) -> ReviewResult {
    var context = ReviewContext(deadline: deadline, isExplaining: isExplaining, scope: scope, now: now)
    do {
      try context.checkDeadline()
      return ReviewResult(decision: try reviewer.review(request, &context), context: context)
    } catch {
      switch error {
      case .refused(let refusal): return ReviewResult(decision: .denied(refusal), context: context)
      case .unavailable(let reason): throw Unavailable(reason: reason)
      }
    }
  }
}

/// Nothing can be decided now; the API server is asked to try again.
public struct Unavailable: Error, Sendable, Equatable {
  /// What is missing.
  public let reason: String
}
