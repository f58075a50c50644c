import JSON
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Admission

@Suite("The spans of reviews")
struct ReviewTraceTests {
  /// What a step fails with.
  private struct Shortage: Error {}

  private let spans = RecordedSpans()

  /// Answers a review, and returns the answer's bytes.
  @discardableResult
  private func handle(
    _ body: [UInt8], _ tracer: Tracer?, _ reviewer: some Reviewer, details: ReviewTrace.Details? = nil
  ) -> [UInt8] {
    var answer = AdmissionAnswer()
    let details: ReviewTrace.Details =
      details ?? { request, context, span in
        span.set("uid", .string(request.id))
        span.set("notes", .int(Int64(context?.auditAnnotations.count ?? -1)))
      }
    let trace = tracer.map { ReviewTrace($0, name: "review", details: details) }
    AdmissionHandler(path: "/test", reviewer: reviewer, trace: trace)
      .handle(body: body.span, query: "timeout=10s", receivedAt: .now, into: &answer)
    return answer.body
  }

  @Test("say how each review ended, and what was noted on the way")
  func statuses() {
    let body = review().bytes
    let tracer = spans.tracer()
    handle(
      body, tracer,
      ScriptedReviewer { _, context in
        context.audit("a", "1")
        return .allowed()
      })
    handle(body, tracer, ScriptedReviewer { _, _ in .denied(Refusal("no ports left")) })
    handle(body, tracer, ScriptedReviewer { _, _ throws(ReviewFailure) in throw .unavailable("not synced") })
    handle(Array("{".utf8), tracer, ScriptedReviewer { _, _ in .allowed() })
    #expect(spans.all.map(\.name) == ["review", "review", "review", "review"])
    #expect(spans.all.allSatisfy { $0.kind == .server && $0.parent == nil })
    #expect(spans.all.map { $0.attributes["notes"] } == [.int(1), .int(0), .int(-1), nil])
    #expect(spans.all.map { $0.attributes["uid"] == "705ab4f5" } == [true, true, true, false])
    #expect(spans.all[0].status == .ok("allowed"))
    #expect(spans.all[1].status == .error("no ports left"))
    #expect(spans.all[1].events.map(\.name) == ["exception"])
    #expect(spans.all[2].status == .error("not synced"))
    guard case .error(let reason) = spans.all[3].status else { return #expect(Bool(false)) }
    #expect(!reason.isEmpty)
  }

  @Test("have those of their steps as children, with the kind of failure")
  func steps() {
    let reviewer = ScriptedReviewer { _, context throws(ReviewFailure) in
      do throws(Shortage) {
        let value = try context.step("first", ["a": "b"], failure: { _ in ("", "") }) { () throws(Shortage) in 5 }
        return try context.step("second", [:], failure: { _ in ("port_exhausted", "none of \(value) is free") }) {
          () throws(Shortage) in throw Shortage()
        }
      } catch {
        throw .refused("no")
      }
    }
    let body = review().bytes
    let traced = handle(body, spans.tracer(), reviewer)
    #expect(spans.all.map(\.name) == ["first", "second", "review"])
    let parent = spans.all[2].context
    #expect(spans.all[..<2].allSatisfy { $0.parent == parent.spanID && $0.context.traceID == parent.traceID })
    #expect(spans.all[0].attributes == ["a": "b"])
    #expect(spans.all[0].status == .ok(""))
    #expect(spans.all[1].attributes == ["error.type": "port_exhausted"])
    #expect(spans.all[1].status == .error("none of 5 is free"))
    // Whether somebody looks changes nothing of the answer.
    #expect(handle(body, nil, reviewer) == traced)
  }

  @Test("cost no details where a trace is not recorded")
  func unsampled() {
    let asked = Atomic(0)
    let reviewer = ScriptedReviewer { _, context in
      func attributes() -> [String: FinishedSpan.Value] {
        asked.wrappingAdd(1, ordering: .relaxed)
        return [:]
      }
      _ = try? context.step("step", attributes(), failure: { _ in ("", "") }) { () throws(Shortage) in 5 }
      return .allowed()
    }
    for tracer in [spans.tracer(samplingRate: 0), nil] {
      handle(review().bytes, tracer, reviewer) { _, _, _ in asked.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(asked.load(ordering: .relaxed) == 0)
    #expect(spans.all.isEmpty)
  }
}
