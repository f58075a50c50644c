import Admission
import JSON
import Telemetry
import Testing

@Suite("A pipeline")
struct PipelineTests {
  private var deadline: ContinuousClock.Instant { .now + .seconds(8) }

  @Test("runs its mutators in order on one subject, and notes accumulate")
  func runsInOrder() throws {
    let pipeline = Pipeline<Int>([
      ScriptedMutator("double") { value, context in
        value *= 2
        context.acted("doubled")
        context.audit("one", "1")
      },
      ScriptedMutator("add") { value, context in
        value += 1
        context.skipped("nothing to do")
        context.audit("one", "again")
        context.audit("two", "2")
      },
    ])
    var subject = 5
    var context = ReviewContext(deadline: deadline, isExplaining: true)
    try pipeline.run(&subject, &context)
    #expect(subject == 11)
    #expect(context.auditAnnotations.map { "\($0.key)=\($0.value)" } == ["one=1", "two=2"])
    #expect(context.reports?.map(\.mutator) == ["double", "add"])
    #expect(context.reports?.map(\.hasActed) == [true, false])
    #expect(context.reports?.last?.remarks == [.skipped("nothing to do")])
  }

  @Test("stops at the first refusal")
  func stops() throws {
    let pipeline = Pipeline<Int>([
      ScriptedMutator("refuse") { _, _ throws(ReviewFailure) in throw .refused("no") },
      ScriptedMutator("never") { value, _ in value = 1 },
    ])
    var subject = 0
    var context = ReviewContext(deadline: deadline)
    #expect(throws: ReviewFailure.refused("no")) { try pipeline.run(&subject, &context) }
    #expect(subject == 0)
  }

  @Test("makes no text where nobody asked why")
  func explainsOnlyWhenAsked() {
    var context = ReviewContext(deadline: deadline)
    var made = 0
    func text() -> String {
      made += 1
      return ""
    }
    context.begin("a")
    context.acted(text())
    context.skipped(text())
    #expect(made == 0)
    #expect(context.reports == nil)
  }

  @Test("counts each answer by path and outcome")
  func counts() throws {
    let registry = MetricRegistry()
    let handler = AdmissionHandler(
      path: "/p",
      reviewer: ScriptedReviewer { request, _ throws(ReviewFailure) in
        switch request.name {
        case "deny": return .denied(Refusal("no"))
        case "wait": throw .unavailable("wait")
        default: return .allowed()
        }
      }, statistics: AdmissionStatistics(registry, path: "/p"))
    var answer = AdmissionAnswer()
    for name in ["a", "deny", "wait", "b"] {
      handler.handle(
        body: review(changing: ["name": .string(name)]).bytes.span, query: "", receivedAt: .now, into: &answer)
    }
    let empty: [UInt8] = []
    handler.handle(body: empty.span, query: "", receivedAt: .now, into: &answer)
    func count(_ outcome: String) -> UInt64 {
      registry.counter(
        "gatehouse_admission_reviews_total", help: "", labels: ["path": "/p", "outcome": .init(outcome)]
      )
      .value
    }
    #expect(["allowed", "patched", "denied", "malformed", "unavailable"].map(count) == [2, 0, 1, 1, 1])
    #expect(
      registry.histogram("gatehouse_admission_review_seconds", help: "", labels: ["path": "/p"]).snapshot().count == 5)
  }
}
