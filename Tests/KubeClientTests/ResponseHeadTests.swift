import Testing

@testable import KubeClient

@Suite struct ResponseHeadTests {
  @Test("reads status, Retry-After and warnings, and only the final head counts")
  func readsHead() {
    var head = ResponseHead()
    let lines = [
      "HTTP/1.1 100 Continue\r\n", "Retry-After: 9\r\n", "\r\n", "HTTP/2 429 \r\n", "retry-after:  7\r\n",
      "Warning: 299 - \"old\"\r\n", "Other: x\r\n",
    ]
    for line in lines { #expect(head.take(line: line) == false) }
    #expect(head.take(line: "\r\n") == true)
    #expect(head.status == 429)
    #expect(head.retryAfter == .seconds(7))
    #expect(head.warnings == ["299 - \"old\""])
  }

  @Test("takes no date and no nonsense for a time to wait", arguments: ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", ""])
  func ignoresDates(value: String) {
    var head = ResponseHead()
    _ = head.take(line: "HTTP/1.1 503 x\r\n")
    _ = head.take(line: "Retry-After: \(value)\r\n")
    #expect(head.retryAfter == nil)
  }
}
