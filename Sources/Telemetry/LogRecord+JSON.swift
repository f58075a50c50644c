internal import Logging

extension LogRecord {
  /// The fields that every line has; metadata of such a name is written as `metadata.NAME`.
  ///
  /// `ts` and `severity` are other loggers' names for two of them: a collector that knows both would mix them up.
  private static func isReserved(_ name: String) -> Bool {
    switch name {
    case "time", "level", "severity_number", "msg", "logger", "caller", "truncated", "ts", "severity": true
    default: false
    }
  }

  /// One JSON object: the fixed fields in their order, then the metadata by name.
  func jsonLine() -> [UInt8] {
    var line = LogLine()
    line.raw("{\"time\":\"")
    line.time(time)
    line.raw("\",\"level\":\"")
    line.raw(level.label)
    line.raw("\",\"severity_number\":")
    line.raw(String(level.severityNumber))
    line.jsonField("msg", .string(message))
    line.jsonField("logger", .string(logger))
    line.jsonField("caller", .string(caller))
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      line.jsonField(Self.isReserved(key) ? "metadata.\(key)" : key, value)
    }
    if line.isCut { line.raw(",\"truncated\":true") }
    line.raw("}")
    return line.finished()
  }
}

extension LogLine {
  /// A value nested deeper is replaced by its mark; nothing that is logged here has three levels.
  fileprivate static var maximumDepth: Int { 4 }

  fileprivate mutating func jsonField(_ name: String, _ value: Logger.MetadataValue) {
    field { line in
      line.raw(",\"")
      line.escaped(name)
      line.raw("\":")
      line.jsonValue(value, depth: 0)
    }
  }

  private mutating func jsonString(_ text: String) {
    raw("\"")
    escaped(text)
    raw("\"")
  }

  private mutating func jsonValue(_ value: Logger.MetadataValue, depth: Int) {
    guard depth < Self.maximumDepth else { return jsonString("…") }
    switch value {
    case .string(let text): jsonString(text)
    case .stringConvertible(let value): jsonConvertible(value)
    case .array(let values):
      raw("[")
      for (index, value) in values.enumerated() where !isFull {
        if index > 0 { raw(",") }
        jsonValue(value, depth: depth + 1)
      }
      raw("]")
    case .dictionary(let members):
      raw("{")
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() where !isFull {
        if index > 0 { raw(",") }
        jsonString(member.key)
        raw(":")
        jsonValue(member.value, depth: depth + 1)
      }
      raw("}")
    }
  }

  /// Whole numbers and truth values keep their type, so that a collector can compare them.
  private mutating func jsonConvertible(_ value: any CustomStringConvertible & Sendable) {
    switch value {
    case let flag as Bool: raw(flag ? "true" : "false")
    case let number as Int: raw(String(number))
    case let number as any FixedWidthInteger: raw(String(describing: number))
    case let number as Double where number.isFinite: raw(PrometheusText.text(of: number))
    default: jsonString(value.description)
    }
  }
}
