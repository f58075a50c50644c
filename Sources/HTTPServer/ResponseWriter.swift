/// Writes answers as HTTP/1.1 bytes at the end of an output buffer.
struct ResponseWriter {
  /// How the end of the body is told (RFC 9112, section 6).
  enum Framing {
    /// The body is here.
    case whole
    /// The body is left out: the answer to HEAD.
    case headOnly
    /// The body follows in chunks.
    case chunked
    /// The body follows and ends with the connection: HTTP/1.0 knows no chunks.
    case untilClose
  }

  static let continuation = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
  static let lastChunk = Array("0\r\n\r\n".utf8)

  /// Adds an answer, or its head when the body follows later.
  static func write(
    _ response: Response, _ framing: Framing, closes: Bool, date: [UInt8], into output: inout [UInt8]
  ) {
    output.reserveCapacity(output.count + 256 + response.body.count)
    output.append(contentsOf: "HTTP/1.1 ".utf8)
    append(response.status.code, to: &output)
    output.append(.space)
    output.append(contentsOf: response.status.phrase.utf8)
    output.append(contentsOf: "\r\nDate: ".utf8)
    output.append(contentsOf: date)
    if !response.contentType.isEmpty {
      output.append(contentsOf: "\r\nContent-Type: ".utf8)
      appendValue(response.contentType, to: &output)
    }
    writeLength(response, framing, into: &output)
    for field in response.fields {
      output.append(contentsOf: "\r\n".utf8)
      output.append(contentsOf: field.name.utf8)
      output.append(contentsOf: ": ".utf8)
      appendValue(field.value, to: &output)
    }
    if closes { output.append(contentsOf: "\r\nConnection: close".utf8) }
    output.append(contentsOf: "\r\n\r\n".utf8)
    if case .whole = framing { output.append(contentsOf: response.body) }
  }

  /// Adds one chunk; an empty one would end the body, so it is left out.
  static func writeChunk(_ bytes: [UInt8], into output: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    output.append(contentsOf: String(bytes.count, radix: 16).utf8)
    output.append(contentsOf: "\r\n".utf8)
    output.append(contentsOf: bytes)
    output.append(contentsOf: "\r\n".utf8)
  }

  private static func writeLength(_ response: Response, _ framing: Framing, into output: inout [UInt8]) {
    switch framing {
    case .whole, .headOnly:
      // RFC 9110, section 8.6: not in 1xx and 204.
      guard response.status != .noContent else { return }
      output.append(contentsOf: "\r\nContent-Length: ".utf8)
      append(response.body.count, to: &output)
    case .chunked: output.append(contentsOf: "\r\nTransfer-Encoding: chunked".utf8)
    case .untilClose: return
    }
  }

  private static func appendValue(_ value: String, to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: value.utf8)
    for index in start..<output.count where !output[index].isFieldValue { output[index] = .space }
  }

  /// Appends a number of at least 0 in decimal, without making a string.
  static func append(_ number: Int, to output: inout [UInt8]) {
    if number >= 10 { append(number / 10, to: &output) }
    output.append(UInt8(48 + number % 10))
  }
}
