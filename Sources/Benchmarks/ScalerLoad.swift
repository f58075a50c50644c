import Glibc

/// What sends many `GetMetrics` calls over one connection.
protocol ScalerLoad {
  /// The program's name in the table.
  var name: String { get }
  /// Sends calls, 32 at a time.
  /// - Returns: How many failed.
  func load(_ address: String, calls: Int) throws -> Int
}

/// The request of every call: the metric of the set `games/arena`, with a minimum of a fifth.
enum ScalerRequest {
  /// A ScaledObjectRef behind no prefix.
  static let reference: [UInt8] =
    field(1, "arena") + field(2, "games") + field(3, field(1, "minAvailable") + field(2, "20%"))
  /// A GetMetricsRequest behind no prefix.
  static let metrics: [UInt8] = field(1, reference) + field(2, "gssReplicas")

  /// A message with gRPC's prefix.
  static func framed(_ message: [UInt8]) -> [UInt8] { [0, 0, 0, 0, UInt8(message.count)] + message }

  private static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
  /// All fields here are shorter than 128 bytes, so a length is one byte.
  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(bytes.count)] + bytes
  }
}

/// h2load as a program of its own.
struct H2Load: ScalerLoad {
  let name = "h2load"

  /// Nil where it is not installed.
  init?() {
    guard Self.output("command -v h2load").contains("h2load") else { return nil }
  }

  func load(_ address: String, calls: Int) throws -> Int {
    var path = Array("/tmp/gatehouse-scaler-XXXXXX".utf8CString)
    let file = unsafe mkstemp(&path)
    guard file >= 0 else { throw BenchmarkFailure("no file can be made in /tmp") }
    let body = ScalerRequest.framed(ScalerRequest.metrics)
    let written = unsafe write(file, body, body.count)
    close(file)
    defer { unsafe unlink(path) }
    guard written == body.count else { throw BenchmarkFailure("the request cannot be written to /tmp") }
    let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let text = Self.output(
      "h2load -n \(calls) -c 1 -m 32 -d \(name) -H 'content-type: application/grpc' -H 'te: trailers' "
        + "http://\(address)/externalscaler.ExternalScaler/GetMetrics")
    // requests: 100 total, 100 started, 100 done, 100 succeeded, 0 failed, 0 errored, 0 timeout
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("requests:") }),
      let succeeded = line.split(separator: ",").first(where: { $0.hasSuffix(" succeeded") }),
      let count = succeeded.split(separator: " ").first.flatMap({ Int($0) })
    else { throw BenchmarkFailure("h2load said nothing of its requests") }
    return calls - count
  }

  private static func output(_ command: String) -> String {
    guard let pipe = unsafe popen(command, "r") else { return "" }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, pipe) }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    unsafe pclose(pipe)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The same load from this process.
struct OwnLoad: ScalerLoad {
  let name = "both sides in one process"

  func load(_ address: String, calls: Int) throws -> Int {
    try ScalerClient(address).call(calls, atOnce: 32)
  }
}
