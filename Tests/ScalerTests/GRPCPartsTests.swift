import Testing

@testable import Scaler

@Suite("Parts of gRPC")
struct GRPCPartsTests {
  @Test(
    "reads a timeout",
    arguments: [
      ("1S", .seconds(1)), ("500m", .milliseconds(500)), ("2H", .seconds(7200)), ("3M", .seconds(180)),
      ("99999999u", .microseconds(99_999_999)), ("7n", .nanoseconds(7)), ("", nil), ("S", nil), ("1", nil), ("1s", nil),
      ("-1S", nil), ("123456789S", nil), ("1 S", nil), ("0x1S", nil),
    ] as [(String, Duration?)])
  func timeout(text: String, expected: Duration?) {
    #expect(GRPCTimeout.parse(text) == expected)
  }

  @Test(
    "escapes a message for a field's value",
    arguments: [
      ("plain text", "plain text"), ("100% of \"x\"", "100%25 of \"x\""), ("ü\n", "%C3%BC%0A"), ("", ""),
    ])
  func message(text: String, expected: String) {
    #expect(GRPCStatus(.internalError, text).encodedMessage == expected)
  }

  @Test("cuts messages out of any pieces", arguments: [1, 2, 3, 7, 100])
  func pieces(size: Int) throws {
    let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [9]]
    let bytes = messages.flatMap(MessageReader.frame)
    var reader = MessageReader()
    var found: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      reader.append(Array(bytes[start..<min(start + size, bytes.count)]))
      while let message = try reader.next() { found.append(message) }
    }
    #expect(found == messages)
    #expect(reader.waiting == 0)
  }

  @Test(
    "refuses a message by its prefix alone",
    arguments: [
      ([0, 0, 0, 0, 11], GRPCStatus.Code.resourceExhausted), ([0, 255, 255, 255, 255], .resourceExhausted),
      ([1, 0, 0, 0, 1], .unimplemented), ([9, 0, 0, 0, 0], .unimplemented),
    ] as [([UInt8], GRPCStatus.Code)])
  func prefix(bytes: [UInt8], code: GRPCStatus.Code) throws {
    var reader = MessageReader(limit: 10)
    reader.append(bytes)
    let status = try #require(throws: GRPCStatus.self) { try reader.next() }
    #expect(status.code == code)
  }

  @Test("waits for the whole of a message")
  func waits() throws {
    var reader = MessageReader()
    reader.append([0, 0, 0, 0, 2, 5])
    #expect(try reader.next() == nil)
    #expect(reader.waiting == 6)
    reader.append([6])
    #expect(try reader.next() == [5, 6])
  }

  @Test(
    "answers what is not gRPC with a plain status",
    arguments: [
      ("GET", "application/grpc", 405), ("POST", "application/json", 415), ("POST", "", 415),
      ("POST", "application/grpc-web", 415), ("POST", "application/grpc", nil), ("POST", "application/grpc+proto", nil),
      ("POST", "Application/GRPC;charset=utf-8", nil),
    ] as [(String, String, Int?)])
  func plain(method: String, type: String, status: Int?) {
    var head = RequestHead()
    head.method = method
    head.contentType = type
    #expect(RequestRules.plainRefusal(head) == status)
  }

  @Test("lets a client spend its budget, earn and wait for more")
  func flood() {
    let start = ContinuousClock.now
    var flood = FloodGuard(now: start)
    var allowed = [flood.spend(FloodGuard.capacity, now: start), flood.spend(1, now: start)]
    allowed.append(flood.spend(10, now: start + .seconds(1)))
    for _ in 0..<1000 { flood.earn() }
    allowed.append(flood.spend(FloodGuard.capacity, now: start + .seconds(1)))
    allowed.append(flood.spend(1, now: start + .seconds(1)))
    #expect(allowed == [true, false, true, true, false])
  }

  @Test("hands out a descriptor for each file and each symbol")
  func descriptors() {
    let files = DescriptorFiles()
    #expect(files.byName.count == 4)
    for symbol in [
      "externalscaler.ExternalScaler", "externalscaler.ExternalScaler.GetMetrics", "externalscaler.MetricValue",
      "externalscaler.ScaledObjectRef.ScalerMetadataEntry", "grpc.health.v1.HealthCheckResponse.ServingStatus",
      "grpc.reflection.v1alpha.ServerReflection", "grpc.reflection.v1.FileDescriptorResponse",
    ] {
      #expect(files.containing(symbol) != nil, "\(symbol)")
    }
    #expect(files.containing("externalscaler.Nothing") == nil)
  }
}
