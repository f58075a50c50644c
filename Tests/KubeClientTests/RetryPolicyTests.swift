import Kubernetes
import Testing

@testable import KubeClient

@Suite struct RetryPolicyTests {
  struct Row: Sendable {
    let failure: RetryPolicy.Failure
    let read: Bool
    let write: Bool
  }

  private static func answer(_ status: Int, retryAfter: Duration? = nil) -> RetryPolicy.Failure {
    .answer(KubernetesError(.init(status: status), status: status, message: "", retryAfter: retryAfter))
  }

  static let table: [Row] = [
    Row(failure: answer(500), read: true, write: false),
    Row(failure: answer(503), read: true, write: false),
    Row(failure: answer(503, retryAfter: .seconds(1)), read: true, write: true),
    Row(failure: answer(429, retryAfter: .seconds(1)), read: true, write: true),
    Row(failure: answer(429), read: true, write: false),
    Row(failure: answer(429, retryAfter: .seconds(31)), read: false, write: false),
    Row(failure: answer(404), read: false, write: false),
    Row(failure: answer(409), read: false, write: false),
    Row(failure: answer(409, retryAfter: .seconds(1)), read: false, write: false),
    Row(failure: .transfer(TransferFailure(.notConnected, "")), read: true, write: true),
    Row(failure: .transfer(TransferFailure(.broken, "")), read: true, write: false),
    Row(failure: .transfer(TransferFailure(.timedOut, "")), read: false, write: false),
    Row(failure: .transfer(TransferFailure(.cancelled, "")), read: false, write: false),
    Row(failure: .transfer(TransferFailure(.tooLate, "")), read: false, write: false),
    Row(failure: .transfer(TransferFailure(.shutDown, "")), read: false, write: false),
  ]

  @Test("sends again only what can be sent again", arguments: table)
  func decides(row: Row) {
    let policy = RetryPolicy()
    #expect((policy.wait(after: row.failure, attempt: 1, .safe, random: 0) != nil) == row.read)
    #expect((policy.wait(after: row.failure, attempt: 1, .once, random: 0) != nil) == row.write)
    #expect(policy.wait(after: row.failure, attempt: 1, .never, random: 0) == nil)
    #expect(policy.wait(after: row.failure, attempt: policy.attempts, .safe, random: 0) == nil)
  }

  @Test("waits as long as the server says, and otherwise twice as long each time")
  func waits() {
    let policy = RetryPolicy(attempts: 20)
    let told = Self.answer(429, retryAfter: .seconds(5))
    #expect(policy.wait(after: told, attempt: 1, .once, random: 0) == .seconds(5))
    let broken = RetryPolicy.Failure.transfer(TransferFailure(.broken, ""))
    let waits = (1...9).map { policy.wait(after: broken, attempt: $0, .safe, random: 0) ?? .zero }
    let expected: [Int] = [100, 200, 400, 800, 1600, 3200, 6400, 6400, 6400]
    #expect(waits == expected.map { .milliseconds($0) })
  }
}
