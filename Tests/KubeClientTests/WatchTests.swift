import JSON
import Kubernetes
import Logging
import Synchronization
import Testing

@testable import KubeClient

@Suite struct WatchTests {
  private func page(_ version: String, continuation: String = "", _ names: String...) -> String {
    let items = names.map { #"{"metadata":{"name":"\#($0)","namespace":"n","resourceVersion":"\#(version)"}}"# }
    let metadata = #"{"resourceVersion":"\#(version)","continue":"\#(continuation)"}"#
    return #"{"kind":"List","metadata":\#(metadata),"items":[\#(items.joined(separator: ","))]}"#
  }

  private func event(_ type: String, _ name: String, _ version: String) -> String {
    let metadata = #"{"name":"\#(name)","namespace":"n","resourceVersion":"\#(version)"}"#
    return #"{"type":"\#(type)","object":{"metadata":\#(metadata)}}"# + "\n"
  }

  private static let head = ScriptedServer.Action.send("HTTP/1.1 200 x\r\nConnection: close\r\n\r\n")

  /// Follows config maps until the change of that text comes; answers all changes as words.
  private func changes(_ server: ScriptedServer, until last: String) async -> [String] {
    var log = Logger(label: "test")
    log.logLevel = .critical
    let endpoint = Endpoint(server: "http://127.0.0.1:\(server.port)")
    let client = KubeClient(ClientConfiguration(endpoint: endpoint), log: log)
    let (stream, inlet) = AsyncStream.makeStream(of: String.self)
    let running = Task {
      await Watch(client, .configMaps).run { change in
        switch change {
        case .replaced(let objects): inlet.yield("replaced " + objects.map(\.object.name).joined(separator: ","))
        case .set(let object): inlet.yield("set \(object.name)")
        case .removed(let key): inlet.yield("removed \(key.name)")
        }
      }
    }
    var changes: [String] = []
    for await change in stream {
      changes.append(change)
      if change == last { break }
    }
    running.cancel()
    await running.value
    return changes
  }

  @Test("lists in pages, follows, skips what cannot be decoded, and lists again when its version is gone")
  func wholeLife() async throws {
    let gone = #"{"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410}}"# + "\n"
    let script: [[ScriptedServer.Action]] = [
      [.answer(200, page("5", continuation: "t", "a"))], [.answer(200, page("5", "b"))],
      [
        Self.head, .send(event("ADDED", "c", "6") + "garbage\n{\"type\":\"ADDED\"}\n" + event("DELETED", "a", "7")),
        .close,
      ],
      [Self.head, .send(event("MODIFIED", "b", "8") + gone), .close],
      [.answer(200, page("9", "b", "d"))],
      [Self.head, .send(event("ADDED", "end", "10")), .waitForEnd],
    ]
    let server = try ScriptedServer { _, number in number < script.count ? script[number] : [.close] }
    defer { server.stop() }
    let changes = await changes(server, until: "set end")
    #expect(changes == ["replaced a,b", "set c", "removed a", "set b", "replaced b,d", "set end"])
    let queries = server.requests.map { request in
      request.line.split(separator: " ")[1].split(separator: "?")[1].split(separator: "&")
        .filter { $0.hasPrefix("resourceVersion") || $0.hasPrefix("continue") || $0.hasPrefix("limit") }
        .joined(separator: " ")
    }
    #expect(
      queries == [
        "limit=500", "limit=500 continue=t", "resourceVersion=5", "resourceVersion=7",
        "limit=500 resourceVersion=8 resourceVersionMatch=NotOlderThan", "resourceVersion=9",
      ])
  }

  @Test("keeps asking a server that is not ready, in lists and in watches")
  func keepsAsking() async throws {
    let script: [[ScriptedServer.Action]] = [
      [.close], [.answer(503, "starting")], [.answer(200, page("5", "a"))], [.answer(500, "{}")],
      [Self.head, .send(event("ADDED", "end", "6")), .waitForEnd],
    ]
    let server = try ScriptedServer { _, number in number < script.count ? script[number] : [.close] }
    defer { server.stop() }
    #expect(await changes(server, until: "set end") == ["replaced a", "set end"])
  }
}
