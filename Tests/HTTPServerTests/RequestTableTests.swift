import Testing

@testable import HTTPServer

/// A request and what the server says to it.
struct RequestCase: Sendable, CustomTestStringConvertible {
  let name: String
  let request: String
  let status: Int
  let closes: Bool

  init(_ name: String, _ request: String, _ status: Int, closes: Bool = true) {
    self.name = name
    self.request = request
    self.status = status
    self.closes = closes
  }

  var testDescription: String { name }

  static func post(_ name: String, _ fields: String, _ body: String = "", _ status: Int, closes: Bool = true) -> Self {
    Self(
      name, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(fields)\r\n\(body)", status,
      closes: closes)
  }

  static func head(_ name: String, _ lines: String, _ status: Int, closes: Bool = true) -> Self {
    Self(name, "GET /hello HTTP/1.1\r\n\(lines)\r\n", status, closes: closes)
  }

  static let framing: [RequestCase] = [
    .post("two lengths that differ", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}", 400),
    .post("two lengths that agree", "Content-Length: 2\r\nContent-Length: 2\r\n", "{}", 400),
    .post("a list of lengths", "Content-Length: 2, 2\r\n", "{}", 400),
    .post("a signed length", "Content-Length: +2\r\n", "{}", 400),
    .post("a hexadecimal length", "Content-Length: 0x2\r\n", "{}", 400),
    .post("an empty length", "Content-Length:\r\n", "", 400),
    .post("length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400),
    .post("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n", 400),
    .post("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400),
    .post("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n", 400),
    .post("a coding that is not chunked", "Transfer-Encoding: identity\r\n", "", 400),
    .post("chunked but not last", "Transfer-Encoding: chunked, gzip\r\n", "", 400),
    .post("a coding behind chunked that is not known", "Transfer-Encoding: gzip, chunked\r\n", "", 501),
    .post("a misspelt coding", "Transfer-Encoding: xchunked\r\n", "", 400),
    .post("a coding with a vertical tab", "Transfer-Encoding: \u{b}chunked\r\n", "", 400),
    .post("an empty coding", "Transfer-Encoding:\r\n", "", 400),
    .post("a space before the colon", "Content-Length : 2\r\n", "{}", 400),
    .post("a tab before the colon", "Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n", 400),
    .post("a folded field", "X-A: 1\r\n 2\r\nContent-Length: 2\r\n", "{}", 400),
    .post("a folded coding", "Transfer-Encoding:\r\n chunked\r\n", "", 400),
    .post("a field without a colon", "Content-Length\r\n", "", 400),
    .post("a field without a name", ": 2\r\n", "", 400),
    .post("a name with a byte beyond ASCII", "Content-Léngth: 2\r\n", "", 400),
    .post("a NUL in a value", "X-A: a\0b\r\nContent-Length: 2\r\n", "{}", 400),
    .post("a bare CR in a value", "X-A: a\rb\r\nContent-Length: 2\r\n", "{}", 400),
    .post("a bare LF after a field", "X-A: a\nContent-Length: 2\r\n", "{}", 400),
    .post("a length that no machine holds", "Content-Length: 99999999999999999999999\r\n", "", 413),
    .post("a body beyond the limit", "Content-Length: 8388609\r\n", "", 413),
    .post("a chunked body beyond the limit", "Transfer-Encoding: chunked\r\n", "800001\r\n", 413),
    .post("a chunk size with a prefix", "Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n", 400),
    .post("a negative chunk size", "Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n", 400),
    .post("an empty chunk size", "Transfer-Encoding: chunked\r\n", "\r\n{}\r\n", 400),
    .post("a chunk size of nine digits", "Transfer-Encoding: chunked\r\n", "000000002\r\n{}\r\n", 400),
    .post("a chunk size before a space", "Transfer-Encoding: chunked\r\n", "2 \r\n{}\r\n", 400),
    .post("a chunk that ends late", "Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n", 400),
    .post("a chunk that ends with a bare LF", "Transfer-Encoding: chunked\r\n", "2\r\n{}\n0\r\n\r\n", 400),
    .post("a chunk size that ends with a bare LF", "Transfer-Encoding: chunked\r\n", "2\n{}\r\n0\r\n\r\n", 400),
    .post("a bare LF in an extension", "Transfer-Encoding: chunked\r\n", "2;a\nb\r\n{}\r\n0\r\n\r\n", 400),
    .post("a folded trailer", "Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n", 400),
    .post("a trailer without a colon", "Transfer-Encoding: chunked\r\n", "0\r\nabc\r\n\r\n", 400),
    RequestCase(
      "a coding over HTTP/1.0",
      "POST /echo HTTP/1.0\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
  ]

  static let heads: [RequestCase] = [
    .head("no Host", "", 400),
    .head("two Hosts", "Host: a\r\nHost: a\r\n", 400),
    .head("an empty Host", "Host:\r\n", 400),
    .head("a Host with a path", "Host: a/b\r\n", 400),
    .head("a Host with a user", "Host: u@a\r\n", 400),
    .head("a Host with a malformed port", "Host: a:x\r\n", 400),
    .head("a bare LF", "Host: a\n", 400),
    .head("an expectation that is not known", "Host: a\r\nExpect: tea\r\n", 417),
    RequestCase("a bare LF after the request line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n", 400),
    RequestCase("two spaces in the request line", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("a space in the target", "GET /he llo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("no version", "GET /hello\r\nHost: a\r\n\r\n", 400),
    RequestCase("a malformed version", "GET /hello HTTP/1.1x\r\nHost: a\r\n\r\n", 400),
    RequestCase("a version in lower case", "GET /hello http/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    RequestCase("HTTP/1.2, which is taken as 1.1", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", 200, closes: false),
    RequestCase("HTTP/0.9 in the form of 1.1", "GET /hello HTTP/0.9\r\nHost: a\r\n\r\n", 505),
    RequestCase("a method in lower case", "get /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    RequestCase("a method that is not known", "BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    RequestCase("a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    RequestCase("a method that is no token", "G(T /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("a fragment in the target", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("a byte beyond ASCII in the target", "GET /hé HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("a relative target", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("two empty lines in front", "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    RequestCase("a TLS greeting", "\u{16}\u{3}\u{1}", 400),
    RequestCase("a folded first field", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    .head("a head beyond the limit", "Host: a\r\nX: \(String(repeating: "x", count: 16 * 1024))\r\n", 431),
    .head("a field line without end", "Host: a\r\nX: \(String(repeating: "x", count: 17 * 1024))", 431),
    .head("too many fields", "Host: a\r\n\(String(repeating: "X: 1\r\n", count: 100))", 431),
  ]

  static let accepted: [RequestCase] = [
    .head("a plain request", "Host: a\r\n", 200, closes: false),
    .head("a Host with a port", "Host: a.b-c:8443\r\n", 200, closes: false),
    .head("a bracketed Host", "Host: [::1]:8443\r\n", 200, closes: false),
    .head("a client that closes", "Host: a\r\nConnection: foo, Close\r\n", 200),
    RequestCase("an empty line in front", "\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200, closes: false),
    RequestCase("a URL as the target", "GET http://b/hello?x HTTP/1.1\r\nHost: a\r\n\r\n", 200, closes: false),
    RequestCase("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", 200),
    RequestCase("HTTP/1.0 that wants to stay", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
    .post("a length", "Content-Length: 2\r\n", "{}", 200, closes: false),
    .post("a length of zero", "Content-Length: 0\r\n", "", 200, closes: false),
    .post("leading zeros", "Content-Length: 0002\r\n", "{}", 200, closes: false),
    .post("chunks", "Transfer-Encoding: Chunked\r\n", "1\r\n{\r\n001\r\n}\r\n0\r\n\r\n", 200, closes: false),
    .post("an extension", "Transfer-Encoding: chunked\r\n", "2;a=\"b c\"\r\n{}\r\n0;x\r\n\r\n", 200, closes: false),
    .post("trailers", "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\nA: b\r\nHost: c\r\n\r\n", 200, closes: false),
    RequestCase("no such path", "GET /other HTTP/1.1\r\nHost: a\r\n\r\n", 404, closes: false),
    RequestCase("a path with more", "GET /hello/ HTTP/1.1\r\nHost: a\r\n\r\n", 404, closes: false),
    RequestCase("a method of another path", "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", 405, closes: false),
    RequestCase("an echo of the request", "TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405, closes: false),
    RequestCase("the server's options", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 404, closes: false),
    RequestCase(
      "a body without a length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n", 411,
      closes: false),
    RequestCase(
      "a body of another type",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
      415, closes: false),
    RequestCase(
      "a body without a type", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 415, closes: false),
    RequestCase(
      "a type with a parameter",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
      200,
      closes: false),
    .post("an encoded body", "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}", 415, closes: false),
    RequestCase(
      "a refused chunked body",
      "POST /other HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      404, closes: false),
    RequestCase(
      "a refused expectation",
      "POST /other HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", 404),
  ]
}

@Suite("HTTP/1.1 requests over a socket pair")
struct RequestTableTests {
  private static let next = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test("refuses what two parties could read in two ways, and closes", arguments: RequestCase.framing)
  func refusesAmbiguousFraming(request: RequestCase) throws {
    try check(request)
  }

  @Test("refuses malformed heads, and closes", arguments: RequestCase.heads)
  func refusesMalformedHeads(request: RequestCase) throws {
    try check(request)
  }

  @Test(
    "answers, and keeps the connection where the next request's beginning is known", arguments: RequestCase.accepted)
  func answers(request: RequestCase) throws {
    try check(request)
  }

  @Test(
    "says the same when the request comes byte by byte",
    arguments: RequestCase.framing + RequestCase.heads.filter { $0.request.utf8.count < 4096 } + RequestCase.accepted)
  func answersByteByByte(request: RequestCase) throws {
    let wire = try Wire(sampleRouter())
    var answer = ""
    for byte in request.request.utf8 {
      try wire.send([byte])
      answer += try wire.receive()
    }
    #expect(statuses(answer) == [request.status], "\(answer)")
  }

  /// Sends the request with another one behind it: only a connection that goes on answers both.
  private func check(_ request: RequestCase) throws {
    let wire = try Wire(sampleRouter())
    let answer = try wire.exchange(request.request + Self.next)
    #expect(statuses(answer) == (request.closes ? [request.status] : [request.status, 200]), "\(answer)")
    #expect(answer.contains("Connection: close") == request.closes)
    #expect(wire.isClosed == request.closes)
  }
}
