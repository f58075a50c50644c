import Admission
import JSON
import Synchronization
import Testing

@Suite("A deadline")
struct DeadlineTests {
  @Test(
    "is the API server's timeout less a tenth, at most eight seconds",
    arguments: [
      ("timeout=5s", 4_500), ("timeout=1s", 900), ("timeout=10s", 8_000), ("timeout=30s", 8_000),
      ("timeout=500ms", 450), ("timeout=1m", 8_000), ("timeout=1.5s", 1_350), ("a=b&timeout=2s", 1_800),
      ("timeout=2s&timeout=3s", 1_800), ("timeout=%32s", 1_800), ("timeout=007s", 6_300), ("timeout=999999s", 8_000),
      ("timeout=9999999s", 8_000),
    ])
  func reads(query: String, milliseconds: Int) {
    #expect(ReviewDeadline.duration(query: query) == .milliseconds(milliseconds))
  }

  @Test(
    "falls back to the default where the text is no timeout",
    arguments: ["", "timeout", "timeout=", "timeout=5", "timeout=0s", "timeout=-5s", "timeout=%zz", "timeout=5 s"])
  func fallsBack(query: String) {
    #expect(ReviewDeadline.duration(query: query) == .seconds(8))
  }

  @Test(
    "reads Go's durations",
    arguments: [
      ("0", .zero), ("-0", .zero), ("5s", .seconds(5)), ("1h15m30.918s", .milliseconds(4_530_918)),
      ("-1.5m", .seconds(-90)), ("+.5s", .milliseconds(500)), ("5.s", .seconds(5)), ("3us", .microseconds(3)),
      ("3µs", .microseconds(3)), ("3μs", .microseconds(3)), ("7ns", .nanoseconds(7)),
    ] as [(String, Duration)])
  func parsesGo(text: String, duration: Duration) {
    #expect(GoDuration.parse(text) == duration)
  }

  @Test(
    "refuses what Go refuses",
    arguments: ["", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "1e3s", " 1s", "1s ", "9999999h", "1..5s"])
  func refusesGo(text: String) {
    #expect(GoDuration.parse(text) == nil)
  }

  @Test("that passes between two mutators ends the review with nothing decided")
  func endsReview() throws {
    let start = ContinuousClock.now
    let reads = Mutex(0)
    // The third look at the clock is past the deadline: before the reviewer, before the first mutator, before the second.
    let clock: @Sendable () -> ContinuousClock.Instant = {
      start
        + reads.withLock { count in
          count += 1
          return count < 3 ? .zero : .seconds(5)
        }
    }
    let ran = Mutex<[String]>([])
    let pipeline = Pipeline<Int>([
      ScriptedMutator("first") { _, _ in ran.withLock { $0.append("first") } },
      ScriptedMutator("second") { _, _ in ran.withLock { $0.append("second") } },
    ])
    let reviewer = ScriptedReviewer { _, context throws(ReviewFailure) in
      var subject = 0
      try pipeline.run(&subject, &context)
      return .allowed()
    }
    var answer = AdmissionAnswer()
    AdmissionHandler(path: "/test", reviewer: reviewer, now: clock)
      .handle(body: review().bytes.span, query: "timeout=5s", receivedAt: start, into: &answer)
    #expect(ran.withLock { $0 } == ["first"])
    #expect(answer.status == 503)
    #expect(answer.retryAfter == 1)
    #expect(answer.reason == "the deadline of the review has passed")
  }
}

/// A mutator that does what the test says.
struct ScriptedMutator: Mutator {
  let name: String
  let body: @Sendable (inout Int, inout ReviewContext) throws(ReviewFailure) -> Void

  init(_ name: String, _ body: @escaping @Sendable (inout Int, inout ReviewContext) throws(ReviewFailure) -> Void) {
    self.name = name
    self.body = body
  }

  func mutate(_ subject: inout Int, _ context: inout ReviewContext) throws(ReviewFailure) {
    try body(&subject, &context)
  }
}
