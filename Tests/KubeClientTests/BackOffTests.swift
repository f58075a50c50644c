import Testing

@testable import KubeClient

@Suite struct BackOffTests {
  @Test("doubles up to its limit, spreads below that, and begins again after a success")
  func grows() {
    var backOff = BackOff(first: .milliseconds(200), longest: .seconds(1))
    let waits = (0..<4).map { _ in backOff.fail(random: 0.999_999) / .milliseconds(1) }
    for (wait, expected) in zip(waits, [200.0, 400, 800, 1000]) { #expect(abs(wait - expected) < 1) }
    #expect(backOff.fail(random: 0) == .milliseconds(500))
    backOff.succeed()
    #expect(backOff.fail(random: 0) == .milliseconds(100))
  }
}
