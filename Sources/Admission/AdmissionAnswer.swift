import JSON

/// What goes back to the API server: an HTTP status and a JSON body in a buffer that the next answer uses again.
///
/// An event loop keeps one of these; ``AdmissionHandler/handle(body:query:receivedAt:into:)`` fills it anew for each review.
public struct AdmissionAnswer: Sendable {
  /// What the answer says, for counting and logging.
  public enum Outcome: String, Sendable, CaseIterable {
    case allowed, patched, denied, malformed, unavailable
  }

  /// The media type of every body.
  public static let contentType = "application/json"

  /// The HTTP status: 200 for every decision, 400 for a body that is no review, 503 when nothing can be decided now.
  public private(set) var status = 200
  /// The seconds of the `Retry-After` header; without it the API server does not try again.
  public private(set) var retryAfter: Int?
  /// What the answer says.
  public private(set) var outcome = Outcome.allowed
  /// The review that was answered, for the log; nil where the body was none.
  public private(set) var request: AdmissionRequest?
  /// Why the operation was refused or the body could not be used; nil where neither is so.
  public private(set) var reason: String?

  // Room for the patch of a pod with a network, so that writing it grows nothing.
  private var writer = AdmissionAnswer.writer(2_048)
  private var patchWriter = AdmissionAnswer.writer(1_536)

  /// An answer without content.
  public init() {}

  /// A copy of the bytes to send.
  public var body: [UInt8] { writer.bytes }

  /// The bytes to send, taken out of an answer that is of no further use.
  public consuming func takeBody() -> [UInt8] { writer.finish() }

  private static func writer(_ capacity: Int) -> JSONWriter {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(capacity)
    return JSONWriter(appendingTo: bytes)
  }

  private mutating func reset(_ outcome: Outcome, _ status: Int, _ request: AdmissionRequest?) {
    self.status = status
    self.outcome = outcome
    self.request = request
    retryAfter = nil
    reason = nil
    writer.removeAll()
  }
}

extension AdmissionAnswer {
  /// Answers a review with a decision.
  mutating func decide(_ decision: AdmissionDecision, _ context: ReviewContext, _ request: AdmissionRequest) {
    reset(.allowed, 200, request)
    writer.beginObject()
    writer.name("kind")
    writer.string("AdmissionReview")
    writer.name("apiVersion")
    writer.view(request.apiVersion)
    writer.name("response")
    writer.beginObject()
    writer.name("uid")
    writer.view(request.uid)
    writer.name("allowed")
    switch decision {
    case .allowed(let message): writeAllowed(message)
    case .denied(let refusal): writeDenied(refusal)
    case .patched(let patch): writePatched(patch, request.operation)
    }
    writeNotes(context)
    writer.endObject()
    writer.endObject()
  }

  private mutating func writeAllowed(_ message: String?) {
    writer.bool(true)
    guard let message else { return }
    writer.name("status")
    writer.beginObject()
    writer.name("metadata")
    writer.raw("{}")
    writer.name("message")
    writer.string(message)
    writer.name("code")
    writer.int(200)
    writer.endObject()
  }

  private mutating func writeDenied(_ refusal: Refusal) {
    outcome = .denied
    reason = refusal.message
    writer.bool(false)
    writer.name("status")
    writer.failure(refusal.message, refusal.reason.rawValue, refusal.reason.code)
  }

  private mutating func writePatched(_ patch: JSONPatch, _ operation: AdmissionOperation) {
    writer.bool(true)
    // A v1 server fails the call when a patch comes without an object to patch, as in a DELETE.
    guard !patch.isEmpty, operation == .create || operation == .update else { return }
    outcome = .patched
    patchWriter.removeAll()
    patchWriter.patch(patch)
    writer.name("patchType")
    writer.string("JSONPatch")
    writer.name("patch")
    patchWriter.withBytes { writer.base64($0) }
  }

  private mutating func writeNotes(_ context: ReviewContext) {
    if !context.auditAnnotations.isEmpty {
      writer.name("auditAnnotations")
      writer.beginObject()
      for (key, value) in context.auditAnnotations {
        writer.name(key.description)
        writer.string(value)
      }
      writer.endObject()
    }
    let warnings = context.warnings
    guard !warnings.isEmpty else { return }
    writer.name("warnings")
    writer.beginArray()
    for warning in warnings { writer.string(warning) }
    writer.endArray()
  }

  /// Answers a body that is no review.
  mutating func refuse(_ error: ReviewError) {
    reset(.malformed, 400, nil)
    let message = error.description
    reason = message
    writer.failure(message, "BadRequest", 400)
  }

  /// Answers that nothing can be decided now.
  ///
  /// One second: the API server tries again within the deadline of the webhook, and what is missing comes within seconds or not at all.
  mutating func postpone(_ why: String, _ request: AdmissionRequest) {
    reset(.unavailable, 503, request)
    retryAfter = 1
    reason = why
    writer.failure(why, "ServiceUnavailable", 503)
  }
}

extension JSONWriter {
  /// Writes a Kubernetes `Status` that says what failed.
  fileprivate mutating func failure(_ message: String, _ reason: String, _ code: Int) {
    beginObject()
    name("kind")
    string("Status")
    name("apiVersion")
    string("v1")
    name("metadata")
    raw("{}")
    name("status")
    string("Failure")
    name("message")
    string(message)
    name("reason")
    string(reason)
    name("code")
    int(code)
    endObject()
  }
}
