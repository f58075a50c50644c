import JSON
import KubeClient
import Kubernetes

/// One call of a webhook: within its time, tried again where the server asks for that.
struct WebhookCall: Sendable {
  /// A call that failed: the webhook's failure policy decides what becomes of the write.
  struct Failure: Error, Sendable {
    let message: String
  }

  /// How often a call is repeated (client-go, `rest.Request` with its default of ten).
  private static let retries = 10

  /// The endpoints behind the URL, the one to ask first; another is asked where no connection can be made, as a cluster's proxy does.
  let posters: [HTTPPoster]
  /// The URL without a query, for messages.
  let url: String
  let path: String
  let timeout: Duration

  /// Posts a review and waits for the decision.
  func perform(_ review: WebhookReview, _ body: [UInt8]) async throws(Failure) -> WebhookReview.Decision {
    let deadline = ContinuousClock.now + timeout
    for _ in 0...Self.retries {
      let rest = deadline - .now
      guard rest > .zero else { break }
      let answer = try await post(body, rest)
      if (200...206).contains(answer.status) { return try decision(review, answer.body) }
      // Only a server that says when is asked again.
      guard answer.status == 429 || answer.status >= 500, let wait = answer.retryAfter else { throw refusal(answer) }
      guard wait < deadline - .now else { break }
      try? await Task.sleep(for: wait)
    }
    throw Failure(
      message: "failed to call webhook: Post \"\(url)?timeout=\(seconds(timeout))\": context deadline exceeded")
  }

  private func decision(_ review: WebhookReview, _ body: [UInt8]) throws(Failure) -> WebhookReview.Decision {
    do throws(WebhookReview.Violation) {
      return try review.decision(body)
    } catch {
      throw Failure(message: error.message)
    }
  }

  private func post(_ body: [UInt8], _ rest: Duration) async throws(Failure) -> HTTPPoster.Answer {
    let query = "timeout=\(seconds(rest))"
    var reason = "no endpoints available"
    for poster in posters {
      do throws(HTTPPoster.Failure) {
        return try await poster.post(
          "\(path)\(path.contains("?") ? "&" : "?")\(query)", userAgent: "kube-apiserver-admission", body: body,
          timeout: rest)
      } catch {
        reason = error.isTimeout ? "context deadline exceeded" : error.message
        guard error.isUnconnected else { break }
      }
    }
    throw Failure(message: "failed to call webhook: Post \"\(url)?\(query)\": \(reason)")
  }

  /// Go's text of a duration in whole seconds, rounded up.
  private func seconds(_ duration: Duration) -> String { "\(Int((duration / .seconds(1)).rounded(.up)))s" }

  private func refusal(_ answer: HTTPPoster.Answer) -> Failure {
    let text = String(decoding: answer.body.prefix(1024), as: UTF8.self)
    let reason =
      answer.status == 404
      ? "the server could not find the requested resource"
      : "an error on the server (\"\(text)\") has prevented the request from succeeding"
    return Failure(message: "failed to call webhook: \(reason)")
  }
}
