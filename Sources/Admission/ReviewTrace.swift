public import Telemetry

/// Makes a span of each review of a path.
public struct ReviewTrace: Sendable {
  /// Says of a review what only its domain knows.
  public typealias Details =
    @Sendable (_ request: AdmissionRequest, _ context: ReviewContext?, _ span: inout Span) -> Void

  private let tracer: Tracer
  private let name: String
  private let details: Details

  /// Describes the spans of a path.
  ///
  /// - Parameters:
  ///   - name: what the spans are called.
  ///   - details: called once for each review that is recorded and could be read; without a context where nothing was decided.
  public init(_ tracer: Tracer, name: String, details: @escaping Details) {
    self.tracer = tracer
    self.name = name
    self.details = details
  }

  /// Starts the span of a review that has just arrived.
  func begin() -> ReviewSpan { ReviewSpan(tracer.start(name, kind: .server), tracer, details) }
}

/// The span of one review while it is decided.
struct ReviewSpan: ~Copyable {
  /// Where the spans of the review's steps belong.
  let scope: SpanScope
  private var span: Span
  private let details: ReviewTrace.Details

  init(_ span: consuming Span, _ tracer: Tracer, _ details: @escaping ReviewTrace.Details) {
    scope = SpanScope(tracer, span.context)
    self.span = span
    self.details = details
  }

  /// Notes what the review was about and what was noted on the way.
  mutating func note(_ request: AdmissionRequest, _ context: ReviewContext?) {
    if span.context.isSampled { details(request, context, &span) }
  }

  /// Ends the span with what was answered.
  consuming func end(_ answer: borrowing AdmissionAnswer) {
    switch answer.outcome {
    case .allowed, .patched: span.end(.ok(answer.outcome.rawValue))
    case .denied, .malformed, .unavailable: span.fail(answer.reason ?? answer.outcome.rawValue)
    }
  }
}

/// A span that others are steps of: what a ``ReviewContext`` carries while its review is traced.
final class SpanScope: Sendable {
  private let tracer: Tracer
  private let parent: TraceContext

  init(_ tracer: Tracer, _ parent: TraceContext) {
    self.tracer = tracer
    self.parent = parent
  }

  func start(_ name: String) -> Span { tracer.start(name, parent: parent) }
}

extension ReviewContext {
  /// Runs a step of the review, within a span of its own where the review is traced.
  ///
  /// - Parameters:
  ///   - attributes: details of the span; read only where there is one.
  ///   - failure: what the span says of an error, as `error.type` and as its status.
  public func step<Value, Failure>(
    _ name: String, _ attributes: @autoclosure () -> [String: FinishedSpan.Value],
    failure: (Failure) -> (type: String, reason: String), _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let scope else { return try body() }
    var span = scope.start(name)
    if span.context.isSampled {
      for (name, value) in attributes() { span.set(name, value) }
    }
    do {
      let value = try body()
      span.end(.ok(""))
      return value
    } catch {
      let (type, reason) = failure(error)
      span.set("error.type", .string(type))
      span.fail(reason)
      throw error
    }
  }
}
