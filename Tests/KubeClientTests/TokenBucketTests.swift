import TestSupport
import Testing

@testable import KubeClient

@Suite struct TokenBucketTests {
  @Test("lets a burst pass at once and the rest at the rate, in order")
  func limits() {
    let clock = ManualClock()
    var bucket = TokenBucket(rate: 10, burst: 3, now: clock.continuousNow)
    let waits = (0..<6).map { _ in bucket.take(clock.continuousNow, patience: .seconds(60)) }
    #expect(waits.prefix(3).allSatisfy { $0 == .zero })
    for (wait, tenths) in zip(waits.dropFirst(3), 1...) {
      #expect(abs((wait ?? .seconds(9)) / .milliseconds(1) - Double(tenths * 100)) < 0.01)
    }
  }

  @Test("fills up to the burst and no further")
  func fills() {
    let clock = ManualClock()
    var bucket = TokenBucket(rate: 10, burst: 2, now: clock.continuousNow)
    for _ in 0..<2 { _ = bucket.take(clock.continuousNow, patience: .zero) }
    clock.advance(by: .seconds(3600))
    #expect(bucket.take(clock.continuousNow, patience: .zero) == .zero)
    #expect(bucket.take(clock.continuousNow, patience: .zero) == .zero)
    #expect(bucket.take(clock.continuousNow, patience: .zero) == nil)
  }

  @Test("takes nothing from those who will not wait so long")
  func respectsPatience() {
    let clock = ManualClock()
    var bucket = TokenBucket(rate: 1, burst: 1, now: clock.continuousNow)
    _ = bucket.take(clock.continuousNow, patience: .zero)
    for _ in 0..<10 { #expect(bucket.take(clock.continuousNow, patience: .milliseconds(500)) == nil) }
    #expect(bucket.take(clock.continuousNow, patience: .seconds(1)) == .seconds(1))
  }

  @Test("a rate of zero is no limit")
  func unlimited() {
    let clock = ManualClock()
    var bucket = TokenBucket(rate: 0, burst: 1, now: clock.continuousNow)
    for _ in 0..<100 { #expect(bucket.take(clock.continuousNow, patience: .zero) == .zero) }
  }
}
