import JSON
import Testing

@testable import HotReload

@Suite("The agent's HTTP")
struct HTTPTextTests {
  @Test(
    "reads the head of an answer",
    arguments: [
      ("HTTP/1.1 200 OK\r\n\r\nrest", 200, nil, "rest"), ("HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n", 404, nil, ""),
      ("HTTP/1.1 503 x\r\nretry-after: 7\r\n\r\n", 503, 7, ""),
      ("HTTP/1.1 429\r\nRetry-After: soon\r\n\r\n", 429, nil, ""),
      ("HTTP/1.1 503 x\r\nRetry-After: 99999\r\n\r\n", 503, 3600, ""),
    ])
  func head(_ text: String, _ status: Int, _ wait: Int?, _ rest: String) throws {
    var received = Array(text.utf8)
    let head = try #require(HTTPAnswerHead(&received))
    #expect(head.status == status)
    #expect(head.retryAfter == wait.map { .seconds($0) })
    #expect(String(decoding: received, as: UTF8.self) == rest)
  }

  @Test(
    "waits for the rest of a head, and takes nothing else for one",
    arguments: ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 99 x\r\n\r\n"])
  func noHead(_ text: String) {
    var received = Array(text.utf8)
    #expect(HTTPAnswerHead(&received) == nil)
    #expect(received.count == text.utf8.count)
  }

  @Test(
    "answers requests",
    arguments: [
      ("GET /a HTTP/1.1\r\n\r\n", "200", true), ("GET /a?x HTTP/1.0\r\nHost: b\r\n\r\n", "200", true),
      ("HEAD /a HTTP/1.1\r\n\r\n", "200", false), ("GET /b HTTP/1.1\r\n\r\n", "404", true),
      ("POST /a HTTP/1.1\r\n\r\n", "405", false), ("GET  /a HTTP/1.1\r\n\r\n", "400", false),
      ("GET /a SPDY\r\n\r\n", "400", false), (String(repeating: "x", count: 5000), "400", false),
    ])
  func requests(_ text: String, _ status: String, _ hasBody: Bool) throws {
    let answer = try #require(
      StatusRequest.answer(Array(text.utf8), limit: 4096) { $0 == "/a" ? StatusAnswer(body: "hello") : .notFound })
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    #expect(answer.hasSuffix("\r\n\r\n") != hasBody)
  }

  @Test("waits for the rest of a request")
  func partialRequest() {
    #expect(StatusRequest.answer(Array("GET /a HTTP/1.1\r\n".utf8), limit: 4096) { _ in .notFound } == nil)
  }

  @Test("shows a status that Prometheus and people can read")
  func status() {
    var status = AgentStatus()
    #expect(status.outcome == "pending")
    status.revision = "r"
    status.record(
      .published(PublishOutcome.Report(revision: "r", source: "s", usesValues: false, files: 2, bytes: 3)),
      .milliseconds(1007))
    #expect(status.outcome == "current")
    #expect(status.metrics.contains(#"hot_reload_revision_info{revision="r",source="s"} 1"#))
    #expect(status.metrics.contains("hot_reload_publish_duration_seconds 1.007\n"))
    status.record(DeliveryOutcome.failed("no \"answer\""), .zero)
    status.isNotificationPending = true
    #expect(status.outcome == "failed")
    #expect(status.json["notification"]?["reason"] == #"no "answer""#)
    status.isNotificationPending = false
    status.isHeld = true
    #expect(status.outcome == "held")
  }

  @Test(
    "leaves a message that kubelet does not cut, whatever the reasons say",
    arguments: ["a", "\"", "\u{1}", "設", "👩‍👩‍👧‍👦", "e\u{301}", "\u{2028}"])
  func terminationMessage(_ character: String) throws {
    let reason = String(repeating: character, count: 5000)
    var status = AgentStatus()
    status.publish = .failed(reason)
    status.notification = .failed(reason)
    #expect(status.terminationMessage.utf8.count <= 4096)
    let message = try JSONDocument(status.terminationMessage).root
    for step in ["publish", "notification"] {
      let shown = try #require(message[step]?["reason"]?.string)
      #expect(shown.count > 20 && reason.unicodeScalars.starts(with: shown.unicodeScalars))
    }
  }
}
