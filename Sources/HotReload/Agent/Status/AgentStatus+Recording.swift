internal import Glibc

extension AgentStatus {
  /// Notes how a publish ended.
  mutating func record(_ outcome: PublishOutcome, _ duration: Duration) {
    publishDuration = duration
    switch outcome {
    case .published(let report):
      published += 1
      publishedAt = Int(time(nil))
      describe(report)
    case .unchanged(let report):
      unchanged += 1
      describe(report)
    case .rejected:
      unchanged += 1
      publish = .succeeded
    case .failed(let reason):
      publishFailures += 1
      publish = .failed(reason)
    }
  }

  private mutating func describe(_ report: PublishOutcome.Report) {
    publish = .succeeded
    source = report.source
    files = report.files
    bytes = report.bytes
  }

  /// Notes how a notification ended.
  mutating func record(_ outcome: DeliveryOutcome, _ duration: Duration) {
    notificationDuration = duration
    switch outcome {
    case .delivered:
      delivered += 1
      notification = .succeeded
    case .failed(let reason, _):
      deliveryFailures += 1
      notification = .failed(reason)
    }
  }
}
