import Kubernetes
import Synchronization
import Testing

@testable import Controllers

@Suite struct RunnerTests {
  /// Notes what it is called with, and answers as the test says.
  private final class Recorder: Reconciler {
    let name = "recorder"
    private struct State {
      var running: Set<NamespacedName> = []
      var passes: [NamespacedName: Int] = [:]
      var clashes = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (NamespacedName, Int) async -> ReconcileOutcome

    init(_ answer: @escaping @Sendable (NamespacedName, Int) async -> ReconcileOutcome) { self.answer = answer }

    var clashes: Int { state.withLock { $0.clashes } }
    func passes(_ name: String) -> Int { state.withLock { $0.passes[NamespacedName("n", name), default: 0] } }

    func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
      let pass = state.withLock { state in
        if !state.running.insert(key).inserted { state.clashes += 1 }
        state.passes[key, default: 0] += 1
        return state.passes[key, default: 0]
      }
      await Task.yield()
      let outcome = await answer(key, pass)
      _ = state.withLock { $0.running.remove(key) }
      return outcome
    }
  }

  private func queue() -> WorkQueue<NamespacedName> {
    WorkQueue(backOff: QueueBackOff(first: .milliseconds(1), longest: .milliseconds(2)))
  }

  @Test("works through everything with many workers and never on one key twice at once")
  func worksThrough() async {
    let queue = queue()
    let recorder = Recorder { _, _ in .done }
    for _ in 0..<20 {
      for number in 0..<50 { queue.add(NamespacedName("n", "\(number)")) }
    }
    let runner = Task { await Runner(recorder, queue, workers: 8).run() }
    for round in 0..<200 { queue.add(NamespacedName("n", "\(round % 7)")) }
    queue.close()
    await runner.value
    #expect(recorder.clashes == 0)
    for number in 0..<50 { #expect(recorder.passes("\(number)") >= 1) }
  }

  @Test("comes back to a key as its outcome says")
  func outcomes() async {
    let queue = queue()
    let (ends, inlet) = AsyncStream.makeStream(of: String.self)
    let recorder = Recorder { key, pass in
      switch (key.name, pass) {
      case ("retry", 1..<4): return .retry("not yet")
      case ("after", 1): return .after(.milliseconds(1))
      case ("terminal", _):
        inlet.yield(key.name)
        return .terminal("never")
      default:
        inlet.yield(key.name)
        return .done
      }
    }
    let runner = Task { await Runner(recorder, queue, workers: 2).run() }
    for name in ["retry", "after", "terminal", "done"] { queue.add(NamespacedName("n", name)) }
    var ended: Set<String> = []
    for await name in ends {
      ended.insert(name)
      if ended.count == 4 { break }
    }
    queue.close()
    await runner.value
    #expect(recorder.passes("retry") == 4)
    #expect(recorder.passes("after") == 2)
    #expect(recorder.passes("terminal") == 1)
  }

  @Test("a closed queue is worked empty, and takes nothing more")
  func drains() async {
    let queue = queue()
    let recorder = Recorder { _, _ in .done }
    queue.add(NamespacedName("n", "one"))
    queue.add(NamespacedName("n", "late"), after: .seconds(3600))
    queue.close()
    queue.add(NamespacedName("n", "two"))
    await Runner(recorder, queue, workers: 3).run()
    #expect(recorder.passes("one") == 1)
    #expect(recorder.passes("two") == 0)
    #expect(recorder.passes("late") == 0)
  }

  @Test("a runner whose task is cancelled ends")
  func cancels() async {
    let queue = queue()
    let runner = Task { await Runner(Recorder { _, _ in .done }, queue, workers: 4).run() }
    runner.cancel()
    await runner.value
    #expect(queue.depth == 0)
  }
}
