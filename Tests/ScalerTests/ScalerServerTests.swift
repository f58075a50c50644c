import Foundation
import Kubernetes
import Scaler
import Telemetry
import TestSupport
import Testing

/// A real gRPC client that this project did not write, and where to find it.
enum GRPCClient {
  /// The interpreter of the environment that `Tests/run` makes.
  static var python: String? {
    guard let repository = try? BuiltProducts.repository() else { return nil }
    let path = "\(repository)/.build/grpc-client/bin/python3"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  static var script: String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Client/client.py").path
  }

  static func has(_ program: String) -> Bool {
    (try? ChildProcess.run("sh", ["-c", "command -v \(program)"]).exit) == .code(0)
  }
}

@Suite("Scaler server", .serialized)
struct ScalerServerTests {
  private let store = ObjectStore()
  private let registry = MetricRegistry()

  init() {
    let sets = [
      Objects.set("arena", replicas: 5, waiting: 2), Objects.set("brief", replicas: 1),
      Objects.set("fresh", replicas: 1, waiting: nil),
    ]
    let states = ["None", "WaitToBeDeleted", "WaitToBeDeleted", "Allocated", "Allocated"]
    store.replace(.gameServerSets, with: sets)
    store.replace(.pods, with: states.enumerated().map { Objects.pod("arena", $0.offset, ops: $0.element) })
  }

  @Test(
    "answers every method to grpcio, and ends in good order",
    .enabled(if: GRPCClient.python != nil, "Tests/run installs grpcio into .build/grpc-client"))
  func grpcio() throws {
    let server = try ScalerServer(store: store, bind: "127.0.0.1:0", registry: registry)
    let address = try server.start()
    let client = try ChildProcess(try #require(GRPCClient.python), [GRPCClient.script, address])
    var isDone = false
    while let line = try client.nextLine() {
      switch line {
      case "do inactive": store.set(.gameServerSets, Objects.set("arena", replicas: 5, waiting: 5))
      case "do active": store.set(.gameServerSets, Objects.set("arena", replicas: 5, waiting: 2))
      case "do remove brief": store.remove(.gameServerSets, NamespacedName("games", "brief"))
      case "do drain": server.drain(grace: .zero)
      case "done": isDone = true
      default: #expect(line.hasPrefix("ok "), "\(line)")
      }
    }
    #expect(try client.waitForExit() == .code(0), "\(client.standardError)")
    #expect(isDone)
    server.stop()
    let metrics = String(decoding: registry.prometheusText(), as: UTF8.self)
    let succeeded = "gatehouse_scaler_calls_total{code=\"OK\",method=\"/externalscaler.ExternalScaler/GetMetrics\"} 2"
    #expect(metrics.contains(succeeded), "\(metrics)")
    #expect(metrics.contains("gatehouse_scaler_floods_total 0"))
    #expect(metrics.contains("gatehouse_scaler_calls_open 0"))
  }

  @Test(
    "answers h2load without a failure",
    .enabled(if: GRPCClient.has("h2load"), "Debian's nghttp2-client has h2load"))
  func h2load() throws {
    let server = try ScalerServer(store: store, bind: "127.0.0.1:0", registry: registry)
    let address = try server.start()
    let body = try TemporaryDirectory()
    // GetMetricsRequest { scaledObjectRef { name: "arena" namespace: "games" } }
    let reference: [UInt8] = [0x0a, 5] + Array("arena".utf8) + [0x12, 5] + Array("games".utf8)
    let message = [0x0a, UInt8(reference.count)] + reference
    let path = "\(body.path)/request"
    try Data([0, 0, 0, 0, UInt8(message.count)] + message).write(to: URL(filePath: path))
    let output = try ChildProcess.run(
      "h2load",
      [
        "-n", "2000", "-c", "2", "-m", "32", "-d", path, "-H", "content-type: application/grpc", "-H", "te: trailers",
        "http://\(address)/externalscaler.ExternalScaler/GetMetrics",
      ])
    #expect(output.standardOutput.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(output)")
    server.stop()
    let metrics = String(decoding: registry.prometheusText(), as: UTF8.self)
    #expect(
      metrics.contains(
        "gatehouse_scaler_calls_total{code=\"OK\",method=\"/externalscaler.ExternalScaler/GetMetrics\"} 2000"))
  }

  @Test(
    "answers nghttp, by its own priority and with trailers",
    .enabled(if: GRPCClient.has("nghttp"), "Debian's nghttp2-client has nghttp"))
  func nghttp() throws {
    let server = try ScalerServer(store: store, bind: "127.0.0.1:0", registry: registry)
    let address = try server.start()
    let body = try TemporaryDirectory()
    let path = "\(body.path)/request"
    // ScaledObjectRef { name: "arena" namespace: "games" }
    let reference: [UInt8] = [0x0a, 5] + Array("arena".utf8) + [0x12, 5] + Array("games".utf8)
    try Data([0, 0, 0, 0, UInt8(reference.count)] + reference).write(to: URL(filePath: path))
    let output = try ChildProcess.run(
      "nghttp",
      [
        "-nv", "-d", path, "-H", ":method: POST", "-H", "content-type: application/grpc", "-H", "te: trailers",
        "http://\(address)/externalscaler.ExternalScaler/IsActive",
      ])
    #expect(output.exit == .code(0), "\(output.standardError)")
    #expect(output.standardOutput.contains("grpc-status: 0"), "\(output.standardOutput)")
    #expect(output.standardOutput.contains(":status: 200"))
    server.stop()
  }

  @Test("refuses an address that is taken")
  func taken() throws {
    let server = try ScalerServer(store: store, bind: "127.0.0.1:0", registry: registry)
    let address = try server.start()
    let second = try ScalerServer(store: store, bind: address, registry: registry)
    #expect(throws: (any Error).self) { try second.start() }
    server.stop()
  }
}
