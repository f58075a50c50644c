import Logging
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Tracing

/// A collector without a network.
private final class ScriptedSender: SpanSender {
  typealias Outcome = Result<Int, SendFailure>

  private let script: @Sendable (Int) -> Outcome
  private let state = Mutex<[Int]>([])
  private let arrivals: AsyncStream<Int>
  private let arrived: AsyncStream<Int>.Continuation

  init(_ script: @escaping @Sendable (Int) -> Outcome = { _ in .success(0) }) {
    self.script = script
    (arrivals, arrived) = AsyncStream.makeStream()
  }

  /// The sizes of the batches up to now, each try counted.
  var batches: [Int] { state.withLock { $0 } }

  /// Waits until so many tries have been made.
  func wait(for count: Int) async {
    for await number in arrivals where number >= count { return }
  }

  func send(_ request: ExportRequest.Message) async throws(SendFailure) -> Int {
    let number = state.withLock { state in
      state.append(request.resourceSpans[0].scopeSpans[0].spans.count)
      return state.count
    }
    defer { arrived.yield(number) }
    return try script(number - 1).get()
  }
}

@Suite("Delivery of spans")
struct SpanDeliveryTests {
  private let clock = ManualClock()
  private let registry = MetricRegistry()
  private let source = TraceSource(resource: [:], tracer: "t", version: "1")

  private func delivery(_ sender: ScriptedSender) -> SpanDelivery {
    SpanDelivery(sender, source, registry, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: clock) { 1 }
  }

  private func count(_ name: MetricName) -> UInt64 { registry.counter(name, help: "").value }
  private var exported: UInt64 { count("gatehouse_spans_exported_total") }
  private var dropped: UInt64 { count("gatehouse_spans_dropped_total") }

  private func export(_ count: Int, to delivery: SpanDelivery) {
    for span in RecordedSpans.plain(count) { delivery.exporter.export(span) }
  }

  /// Waits until so many tasks sleep on the clock.
  private func sleepers(_ count: Int) async { while clock.sleeperCount != count { await Task.yield() } }

  @Test("sends a full batch at once, and the rest when its time has come")
  func batches() async {
    let sender = ScriptedSender()
    let delivery = delivery(sender)
    await withTaskGroup { group in
      group.addTask { await delivery.run() }
      await sleepers(1)
      export(SpanBuffer.batchSize, to: delivery)
      await sender.wait(for: 1)
      export(3, to: delivery)
      #expect(sender.batches == [512])
      clock.advance(by: .seconds(5))
      await sender.wait(for: 2)
      delivery.close()
    }
    #expect(sender.batches == [512, 3])
    #expect(exported == 515)
    #expect(dropped == 0)
  }

  @Test("keeps no more than its limit, and counts the others")
  func limit() async {
    let sender = ScriptedSender()
    let delivery = delivery(sender)
    export(SpanBuffer.limit + 7, to: delivery)
    #expect(dropped == 7)
    delivery.close()
    export(1, to: delivery)
    #expect(dropped == 8)
    await delivery.run()
    #expect(sender.batches == [512, 512, 512, 512])
    #expect(exported == UInt64(SpanBuffer.limit))
  }

  @Test("tries again after longer and longer waits, and gives a batch up in the end")
  func backOff() async {
    let sender = ScriptedSender { _ in .failure(SendFailure(isPassing: true, reason: "away")) }
    let delivery = delivery(sender)
    await withTaskGroup { group in
      group.addTask { await delivery.run() }
      export(SpanBuffer.batchSize, to: delivery)
      for (tries, wait) in [(1, 2), (2, 4), (3, 8), (4, 16)] {
        await sender.wait(for: tries)
        await sleepers(2)
        #expect(dropped == 0)
        clock.advance(by: .milliseconds(wait * 1_000 - 1))
        await sleepers(2)
        #expect(sender.batches.count == tries)
        clock.advance(by: .milliseconds(1))
      }
      await sender.wait(for: RetrySchedule.tries)
      delivery.close()
    }
    #expect(sender.batches == [512, 512, 512, 512, 512])
    #expect(dropped == 512)
  }

  @Test("does not try again what can never be taken, and goes on with the next")
  func refused() async {
    let sender = ScriptedSender { number in
      number == 0 ? .failure(SendFailure(isPassing: false, reason: "no token")) : .success(2)
    }
    let delivery = delivery(sender)
    export(SpanBuffer.batchSize + 5, to: delivery)
    delivery.close()
    await delivery.run()
    #expect(sender.batches == [512, 5])
    // Of the second batch the collector took three.
    #expect(exported == 3)
    #expect(dropped == 514)
  }

  @Test("ends within five seconds, whatever the collector does")
  func flushLimit() async {
    let sender = ScriptedSender { _ in .failure(SendFailure(isPassing: true, reason: "away")) }
    let delivery = delivery(sender)
    export(5, to: delivery)
    delivery.close()
    await withTaskGroup { group in
      group.addTask { await delivery.run() }
      await sender.wait(for: 1)
      // The time keeper, the limit, and the wait before the second try.
      await sleepers(3)
      clock.advance(by: .seconds(2))
      await sender.wait(for: 2)
      await sleepers(3)
      clock.advance(by: .seconds(3))
    }
    #expect(sender.batches == [5, 5])
    #expect(dropped == 5)
  }
}

@Suite("Waits between tries")
struct RetryScheduleTests {
  @Test("grow from half to all of their turn", arguments: [(0.0, [1, 2, 4, 8]), (1.0, [2, 4, 8, 16])])
  func waits(_ random: Double, _ seconds: [Int]) {
    var schedule = RetrySchedule()
    for wait in seconds { #expect(schedule.next(random: random) == .seconds(wait)) }
    #expect(schedule.next(random: random) == nil)
  }
}
