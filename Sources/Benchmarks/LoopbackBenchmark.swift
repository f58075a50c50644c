import Admission
import EventLoop
import GameAdmission
import HTTPServer
import TLS

/// The cost of one review with everything: a client and a server in this process, TLS and HTTP between them, one after another.
struct LoopbackBenchmark {
  let body: ReviewBody
  let iterations: Int

  /// Time and allocations of both sides together.
  func run(_ admission: GameAdmission) throws -> Measurement {
    let authority = try Identity.makeAuthority(commonName: "benchmark-ca", validity: .seconds(3600))
    let identity = try authority.issueServing(
      commonName: "benchmark", names: [AlternativeName("localhost")], validity: .seconds(3600))
    let server = try Server(
      [
        Endpoint(
          "127.0.0.1:0",
          security: ServerSecurity(certificatePEM: identity.certificatePEM(), keyPEM: identity.keyPEM()),
          router: router(admission))
      ], threads: 1, name: "loopback")
    let address = try SocketAddress(server.start()[0])
    defer { server.stop() }

    var client = try LoopbackClient(address, ClientContext(trusting: authority.chain), name: "localhost")
    let request = request(to: address)
    return try Measurement.of("\(body.name): loopback over TLS, both sides", iterations: iterations) {
      try client.exchange(request)
    }
  }

  private func router(_ admission: GameAdmission) -> Router {
    var router = Router()
    for handler in admission.handlers() {
      router.post(handler.path) { head, body in
        var answer = AdmissionAnswer()
        handler.handle(body: body, query: head.query ?? "", receivedAt: head.receivedAt, into: &answer)
        return .json(answer.body, status: Status(answer.status))
      }
    }
    return router
  }

  private func request(to address: SocketAddress) -> [UInt8] {
    let head = """
      POST \(body.path)?timeout=10s HTTP/1.1\r
      Host: \(address)\r
      User-Agent: kube-apiserver-admission\r
      Content-Type: application/json\r
      Content-Length: \(body.bytes.count)\r
      \r

      """
    return Array(head.utf8) + body.bytes
  }
}
