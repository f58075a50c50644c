import HTTPServer
import JSON
import Synchronization
import TLS

/// A webhook over real TLS whose answers a test writes; it remembers what it was asked.
final class WebhookServer: Sendable {
  /// A request as it arrived.
  struct Call: Sendable {
    let path: String
    let query: String
    let agent: String
    let review: JSONValue

    var request: JSONValue { review["request"] ?? .null }
    var uid: String { request["uid"]?.string ?? "" }

    /// An answer of the protocol.
    func answer(
      allowed: Bool = true, status: JSONValue? = nil, patch: JSONValue? = nil, more: [(String, JSONValue)] = []
    ) -> Response {
      var response: JSONValue = ["uid": .string(uid), "allowed": .bool(allowed)]
      response["status"] = status
      if let patch {
        response["patch"] = .string(Base64.encode(patch.bytes))
        response["patchType"] = "JSONPatch"
      }
      for (name, value) in more { response[name] = value }
      let body: JSONValue = [
        "kind": "AdmissionReview", "apiVersion": review["apiVersion"] ?? .null, "response": response,
      ]
      return .json(body.bytes)
    }
  }

  typealias Answer = @Sendable (Call) -> Response?

  private struct State {
    var calls: [Call] = []
    var answer: Answer
    /// Requests that are never answered, kept so that their connections stay open.
    var silent: [ResponseHandle] = []
  }

  let authorities: [UInt8]
  let address: String
  private let server: Server
  private let shared: Shared

  /// Starts a webhook that serves under these names.
  ///
  /// - Parameter answer: Called for each request; nil never answers.
  init(names: [String] = ["127.0.0.1"], _ answer: @escaping Answer = { $0.answer() }) throws {
    let authority = try Identity.makeAuthority(commonName: "webhooks", validity: .seconds(3600))
    let pair = try authority.issueServing(
      commonName: "webhook", names: names.map { name throws(TLSError) in try AlternativeName(name) },
      validity: .seconds(3600))
    let shared = Shared(State(answer: answer))
    var router = Router()
    router.catchAll { head, body, handle in
      guard let json = try? JSONDocument(body).root else { return .now(Response(.badRequest)) }
      let call = Call(
        path: head.path, query: head.query ?? "", agent: head["user-agent"] ?? "", review: JSONValue(json))
      return shared.take(call, handle)
    }
    server = try Server(
      [
        Endpoint(
          "127.0.0.1:0",
          security: ServerSecurity(certificatePEM: try pair.certificatePEM(), keyPEM: try pair.keyPEM()),
          router: router)
      ], threads: 1, limits: Self.limits, name: "webhook")
    authorities = try authority.certificatePEM()
    address = try server.start()[0]
    self.shared = shared
  }

  deinit {
    shared.forget()
    server.stop()
  }

  /// The server ends at once: its clients keep connections that nothing will be sent on any more.
  private static var limits: Limits {
    var limits = Limits()
    limits.drainQuiet = .zero
    limits.linger = .milliseconds(1)
    return limits
  }

  /// What it was asked so far.
  var calls: [Call] { shared.calls }

  /// A webhook entry that leads here.
  func entry(_ name: String = "one.test.io", path: String = "/review", more: [(String, JSONValue)] = []) -> JSONValue {
    var entry: JSONValue = [
      "name": .string(name),
      "clientConfig": [
        "url": .string("https://\(address)\(path)"), "caBundle": .string(Base64.encode(authorities)),
      ],
      "rules": [["operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]]],
      "sideEffects": "None", "admissionReviewVersions": ["v1"],
    ]
    for (name, value) in more { entry[name] = value }
    return entry
  }

  private final class Shared: Sendable {
    private let state: Mutex<State>
    init(_ state: State) { self.state = Mutex(state) }
    var calls: [Call] { state.withLock { $0.calls } }

    /// Lets go of requests that were never answered.
    func forget() { state.withLock { $0.silent = [] } }

    func take(_ call: Call, _ handle: ResponseHandle) -> Reply {
      let answer = state.withLock { state in
        state.calls.append(call)
        return state.answer
      }
      if let response = answer(call) { return .now(response) }
      state.withLock { $0.silent.append(handle) }
      return .later
    }
  }
}
