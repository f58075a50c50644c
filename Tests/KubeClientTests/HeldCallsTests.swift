import Testing

@testable import KubeClient

@Suite("Requests that wait for the rate limit")
struct HeldCallsTests {
  private final class Sink: TransferSink {
    func received(_ head: ResponseHead) {}
    func received(_ bytes: Span<UInt8>) -> TransferFlow { .goOn }
    func finished(_ failure: TransferFailure?) {}
  }

  private let start = ContinuousClock.now

  private func held(_ milliseconds: [Int]) -> HeldCalls {
    var held = HeldCalls()
    for (number, time) in zip(UInt64(1)..., milliseconds) {
      held.hold(
        HeldCalls.Entry(
          number: number, call: HTTPCall(method: .get, target: "/", timeout: .seconds(1)), sink: Sink(),
          due: start + .milliseconds(time)))
    }
    return held
  }

  @Test("go when their moment has come, in its order and in the order of their coming")
  func order() {
    var held = held([200, 100, 300, 100])
    #expect(held.nextDue == start + .milliseconds(100))
    #expect(held.takeDue(start + .milliseconds(99)).isEmpty)
    #expect(held.takeDue(start + .milliseconds(200)).map(\.number) == [2, 4, 1])
    #expect(held.nextDue == start + .milliseconds(300))
    #expect(held.takeDue(start + .seconds(9)).map(\.number) == [3])
    #expect(held.nextDue == nil)
  }

  @Test("can be taken back before they go")
  func cancelled() {
    var held = held([100, 200])
    #expect(held.remove(1)?.number == 1)
    #expect(held.remove(1)?.number == nil)
    #expect(held.takeAll().map(\.number) == [2])
    #expect(held.nextDue == nil)
  }
}
