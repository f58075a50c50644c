import JSON
import Kubernetes
import Synchronization
import Testing

@testable import KubeClient

@Suite struct KubeClientTests {
  private let object = #"{"kind":"ConfigMap","metadata":{"name":"one","namespace":"n","resourceVersion":"1"}}"#

  private func client(_ server: ScriptedServer, timeout: Duration = .seconds(30)) -> KubeClient {
    var configuration = ClientConfiguration(
      endpoint: Endpoint(server: "http://127.0.0.1:\(server.port)"),
      credentials: Credentials(authorization: .token("t")))
    configuration.limits.timeout = timeout
    return KubeClient(configuration)
  }

  private func failure(_ call: () async throws(KubernetesError) -> Void) async -> KubernetesError? {
    do throws(KubernetesError) {
      try await call()
      return nil
    } catch {
      return error
    }
  }

  @Test("sends what it says and reads what it gets")
  func sends() async throws {
    let server = try ScriptedServer { [object] _, _ in [.answer(201, object)] }
    defer { server.stop() }
    let client = client(server)
    let made = try await client.create(.configMaps, namespace: "n", ["data": ["a": "b"]], isDryRun: true)
    #expect(made.key == NamespacedName("n", "one"))
    let request = try #require(server.requests.first)
    #expect(request.line == "POST /api/v1/namespaces/n/configmaps?dryRun=All HTTP/1.1")
    #expect(request.body == #"{"data":{"a":"b"}}"#)
    for header in ["Authorization: Bearer t", "Content-Type: application/json", "User-Agent: gatehouse"] {
      #expect(request.headers.contains(header))
    }
  }

  @Test("writes every kind of request", arguments: 0..<8)
  func lines(number: Int) async throws {
    let server = try ScriptedServer { [object] _, _ in [.answer(200, object)] }
    defer { server.stop() }
    let client = client(server)
    let key = NamespacedName("n", "a/b c")
    let patch = JSONPatch([.remove(JSONPointer(["x"]))])
    let expected: (line: String, body: String, type: String?)
    switch number {
    case 0:
      _ = try await client.get(.nodes, NamespacedName("", "x"), subresource: "status")
      expected = ("GET /api/v1/nodes/x/status", "", nil)
    case 1:
      try await client.update(.gameServers, key, subresource: nil, ["a": 1], isDryRun: false)
      expected = ("PUT /apis/game.kruise.io/v1alpha1/namespaces/n/gameservers/a%2Fb%20c", #"{"a":1}"#, "json")
    case 2:
      try await client.patch(.pods, key, .json(patch))
      expected = (
        "PATCH /api/v1/namespaces/n/pods/a%2Fb%20c", #"[{"op":"remove","path":"/x"}]"#, "json-patch+json"
      )
    case 3:
      try await client.patch(.pods, key, .merge(["a": nil]))
      expected = ("PATCH /api/v1/namespaces/n/pods/a%2Fb%20c", #"{"a":null}"#, "merge-patch+json")
    case 4:
      try await client.patch(.pods, key, subresource: "status", .strategicMerge([:]))
      expected = ("PATCH /api/v1/namespaces/n/pods/a%2Fb%20c/status", "{}", "strategic-merge-patch+json")
    case 5:
      try await client.patch(.pods, key, .apply([:], fieldManager: "m&n", force: true))
      expected = (
        "PATCH /api/v1/namespaces/n/pods/a%2Fb%20c?fieldManager=m%26n&force=true", "{}", "apply-patch+yaml"
      )
    case 6:
      try await client.delete(
        .pods, key, DeleteOptions(uid: "u", resourceVersion: "7", gracePeriodSeconds: 0, propagation: .foreground))
      let preconditions = #""preconditions":{"uid":"u","resourceVersion":"7"}"#
      let body =
        #"{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Foreground",\#(preconditions)}"#
      expected = ("DELETE /api/v1/namespaces/n/pods/a%2Fb%20c", body, "json")
    default:
      try await client.create(.pods, key, subresource: "eviction", [:])
      expected = ("POST /api/v1/namespaces/n/pods/a%2Fb%20c/eviction", "{}", "json")
    }
    let request = try #require(server.requests.first)
    #expect(request.line == expected.line + " HTTP/1.1")
    #expect(request.body == expected.body)
    let type = request.headers.first { $0.hasPrefix("Content-Type: ") }
    #expect(type == expected.type.map { "Content-Type: application/\($0)" })
  }

  @Test("sends again what the server turned away, and uses one connection for all of it")
  func retries() async throws {
    let server = try ScriptedServer { [object] _, number in
      number < 2 ? [.answer(429, "{}", headers: ["Retry-After: 0"])] : [.answer(200, object)]
    }
    defer { server.stop() }
    try await client(server).create(.configMaps, namespace: "n", [:])
    #expect(server.requests.count == 3)
  }

  @Test("does not send a write again whose connection broke")
  func doesNotRepeatWrites() async throws {
    let server = try ScriptedServer { _, _ in [.close] }
    defer { server.stop() }
    let client = client(server)
    let error = await failure { () throws(KubernetesError) in
      try await client.create(.configMaps, namespace: "n", [:])
    }
    #expect(error?.code == .unreachable)
    #expect(server.requests.count == 1)
  }

  @Test("sends a read again whose connection broke")
  func repeatsReads() async throws {
    let server = try ScriptedServer { [object] _, number in
      number == 0 ? [.send("HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\nhalf"), .close] : [.answer(200, object)]
    }
    defer { server.stop() }
    let read = try await client(server).get(.configMaps, NamespacedName("n", "one"))
    #expect(read.name == "one")
    #expect(server.requests.count == 2)
  }

  @Test("gives up after the timeout")
  func timesOut() async throws {
    let server = try ScriptedServer { _, _ in [.waitForEnd] }
    defer { server.stop() }
    let client = client(server, timeout: .milliseconds(200))
    let error = await failure { () throws(KubernetesError) in
      _ = try await client.get(.configMaps, NamespacedName("n", "one"))
    }
    #expect(error?.code == .timeout)
  }

  @Test("ends a request whose task is cancelled")
  func cancels() async throws {
    let (started, inlet) = AsyncStream.makeStream(of: Void.self)
    let server = try ScriptedServer { _, _ in
      inlet.yield()
      return [.waitForEnd]
    }
    defer { server.stop() }
    let client = client(server)
    let task = Task {
      await failure { () throws(KubernetesError) in
        _ = try await client.get(.configMaps, NamespacedName("n", "one"))
      }
    }
    for await _ in started { break }
    task.cancel()
    #expect(await task.value == .cancelled)
  }

  @Test("shutting down ends what is in flight and refuses what comes later")
  func shutsDown() async throws {
    let (started, inlet) = AsyncStream.makeStream(of: Void.self)
    let server = try ScriptedServer { _, _ in
      inlet.yield()
      return [.waitForEnd]
    }
    defer { server.stop() }
    let client = client(server)
    async let first = failure { () throws(KubernetesError) in
      _ = try await client.get(.configMaps, NamespacedName("n", "one"))
    }
    for await _ in started { break }
    client.shutDown()
    #expect(await first?.code == .unreachable)
    let second = await failure { () throws(KubernetesError) in
      _ = try await client.get(.configMaps, NamespacedName("n", "one"))
    }
    #expect(second?.message == "the client was shut down")
  }

  @Test("goes through the proxy that it is told")
  func proxy() async throws {
    let server = try ScriptedServer { _, _ in [.answer(200, "{}")] }
    defer { server.stop() }
    let endpoint = Endpoint(server: "http://api.test:1234", proxy: "http://127.0.0.1:\(server.port)")
    _ = try await KubeClient(ClientConfiguration(endpoint: endpoint)).read(path: "/version")
    #expect(server.requests.map(\.line) == ["GET http://api.test:1234/version HTTP/1.1"])
  }

  @Test("a refused connection is unreachable")
  func refused() async throws {
    let server = try ScriptedServer { _, _ in [] }
    server.stop()
    var configuration = ClientConfiguration(endpoint: Endpoint(server: "http://127.0.0.1:\(server.port)"))
    configuration.limits.attempts = 2
    let client = KubeClient(configuration)
    let error = await failure { () throws(KubernetesError) in _ = try await client.read(path: "/version") }
    #expect(error?.code == .unreachable)
  }

  @Test("an answer that is no JSON is malformed")
  func malformed() async throws {
    let server = try ScriptedServer { _, _ in [.answer(200, "<html>")] }
    defer { server.stop() }
    let client = client(server)
    let error = await failure { () throws(KubernetesError) in
      _ = try await client.get(.configMaps, NamespacedName("n", "one"))
    }
    #expect(error?.code == .malformedAnswer)
  }

  @Test("a deadline that has passed keeps the request from being sent")
  func tooLate() async throws {
    let server = try ScriptedServer { [object] _, _ in [.answer(200, object)] }
    defer { server.stop() }
    let client = client(server)
    let past = ContinuousClock.now - .seconds(1)
    let error = await RequestDeadline.$current.withValue(RequestDeadline(start: past, end: .now + .seconds(5))) {
      await failure { () throws(KubernetesError) in try await client.create(.configMaps, namespace: "n", [:]) }
    }
    #expect(error?.code == .notLeader)
    #expect(server.requests.isEmpty)
  }

  @Test("a watch delivers lines that come in pieces, pauses for a slow reader, and loses nothing")
  func watches() async throws {
    let filler = String(repeating: "x", count: 1 << 20)
    let lines = (1...40).map {
      #"{"type":"ADDED","object":{"metadata":{"name":"m\#($0)","resourceVersion":"\#($0)"},"f":"\#(filler)"}}"# + "\n"
    }
    let server = try ScriptedServer { _, _ in
      [.send("HTTP/1.1 200 x\r\nConnection: close\r\n\r\n")] + lines.map { .send($0) } + [.close]
    }
    defer { server.stop() }
    let session = try await client(server).watch(.configMaps, from: "0")
    var names: [String] = []
    var hasOpened = false
    loop: while true {
      switch await session.next() {
      case .opened: hasOpened = true
      case .events(let events):
        for case .set(let object) in events { names.append(object.name) }
      case .ended(let error):
        #expect(error == nil)
        break loop
      }
    }
    #expect(hasOpened)
    #expect(names == (1...40).map { "m\($0)" })
  }
}
