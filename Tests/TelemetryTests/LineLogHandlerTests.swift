import Foundation
import Logging
import Synchronization
import Testing

@testable import Telemetry

@Suite struct LineLogHandlerTests {
  private final class Lines: LogOutput {
    private let kept = Mutex<[[UInt8]]>([])
    var all: [String] { kept.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    func write(_ line: [UInt8]) {
      kept.withLock { $0.append(line) }
    }
  }

  private let lines = Lines()

  private func logger(_ format: LogFormat, provider: Logger.MetadataProvider? = nil) -> Logger {
    Logger(label: "webhook") { label in
      LineLogHandler(
        label: label, format: format, level: .trace, output: lines, metadataProvider: provider,
        now: { WallTime(seconds: 1_700_000_000, nanoseconds: 5) })
    }
  }

  private func object() throws -> [String: Any] {
    let line = try #require(lines.all.last)
    #expect(line.hasSuffix("\n") && line.dropLast().allSatisfy { $0 != "\n" })
    return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test("writes the fixed fields in order, then the metadata by name")
  func fixedFields() {
    logger(.json).info(
      "reviewed", metadata: ["uid": "u", "allowed": "\(true)"], file: "Sources/Pipeline.swift", line: 7)
    #expect(
      lines.all == [
        """
        {"time":"2023-11-14T22:13:20.000000005Z","level":"INFO","severity_number":9,"msg":"reviewed",\
        "logger":"webhook","caller":"Sources/Pipeline.swift:7","allowed":"true","uid":"u"}

        """
      ])
  }

  @Test(
    "names the levels as the collectors expect",
    arguments: zip(
      Logger.Level.allCases,
      [("TRACE", 1), ("DEBUG", 5), ("INFO", 9), ("INFO", 9), ("WARN", 13), ("ERROR", 17), ("FATAL", 21)]))
  func levels(_ level: Logger.Level, _ expected: (String, Int)) throws {
    logger(.json).log(level: level, "x")
    #expect(try object()["level"] as? String == expected.0)
    #expect(try object()["severity_number"] as? Int == expected.1)
  }

  @Test(
    "escapes what could end a line, forge a field or drive a terminal",
    arguments: [
      ("a\"b\\c", #"a\"b\\c"#), ("a\nb\r\tc", #"a\nb\r\tc"#), ("\u{0}\u{1F}\u{7F}", #"\u0000\u001f\u007f"#),
      ("\u{1B}[31m", #"\u001b[31m"#), ("\u{85}\u{9B}", #"\u0085\u009b"#), ("\u{2028}\u{202E}", #"\u2028\u202e"#),
      ("grün 🎮", "grün 🎮"),
    ])
  func escaping(_ text: String, _ escaped: String) throws {
    logger(.json).info("\(text)", metadata: ["\(text)": "\(text)"])
    #expect(lines.all[0].contains("\"msg\":\"\(escaped)\""))
    #expect(try object()["msg"] as? String == text)
    #expect(try object()[text] as? String == text)
    logger(.text).info("\(text)")
    #expect(lines.all[1] == "2023-11-14T22:13:20.000000005Z INFO webhook: \(escaped)\n")
  }

  @Test("keeps numbers, truth values, lists and objects as such")
  func structured() throws {
    logger(.json).info(
      "x",
      metadata: [
        "n": .stringConvertible(-5), "d": .stringConvertible(0.25), "b": .stringConvertible(true),
        "i": .stringConvertible(Double.infinity), "l": .array(["a", .stringConvertible(1)]),
        "o": .dictionary(["k": .dictionary(["q": "v"])]), "u": .stringConvertible(UInt64.max),
      ])
    #expect(
      lines.all[0].hasSuffix(
        #","b":true,"d":0.25,"i":"inf","l":["a",1],"n":-5,"o":{"k":{"q":"v"}},"u":18446744073709551615}"# + "\n"))
  }

  @Test("metadata cannot take the place of a fixed field", arguments: ["time", "level", "msg", "ts", "truncated"])
  func reserved(_ name: String) throws {
    logger(.json).info("x", metadata: [name: "forged"])
    #expect(try object()["metadata.\(name)"] as? String == "forged")
    #expect(try object()["msg"] as? String == "x")
  }

  @Test("a line never exceeds its limit, stays valid and says that it was cut", arguments: LogFormat.allCases)
  func bounded(_ format: LogFormat) throws {
    let long = String(repeating: "\u{1}🎮", count: 10_000)
    var metadata: Logger.Metadata = ["z": "last"]
    for index in 0..<50 { metadata["k\(index)"] = .array([.string(long), .string(long)]) }
    logger(format).error("\(long)", metadata: metadata)
    let line = try #require(lines.all.last)
    #expect(line.utf8.count <= LogLine.maximumBytes)
    #expect(line.contains("truncated"))
    if format == .json {
      #expect(try object()["truncated"] as? Bool == true)
      #expect(try object()["z"] as? String == "last")
    }
  }

  @Test("the statement's metadata wins over the logger's, and that over the provider's")
  func precedence() throws {
    var logger = logger(.json, provider: Logger.MetadataProvider { ["a": "p", "b": "p", "trace_id": "t"] })
    logger[metadataKey: "a"] = "l"
    logger[metadataKey: "c"] = "l"
    logger.info("x", metadata: ["c": "s"])
    let object = try object()
    #expect(["a", "b", "c", "trace_id"].map { object[$0] as? String } == ["l", "p", "s", "t"])
  }

  @Test("text quotes values with blanks and names the place of a warning")
  func text() {
    logger(.text).warning("slow", metadata: ["b": "x y", "a": "1", "c": ""], file: "F.swift", line: 3)
    #expect(lines.all == ["2023-11-14T22:13:20.000000005Z WARN webhook: slow a=1 b=\"x y\" c=\"\" (F.swift:3)\n"])
  }
}
