internal import Glibc

/// Finds the end of a request head in bytes that arrive in pieces, and reads the head once it is whole.
///
/// Strict where leniency lets two parties see two requests in the same bytes (RFC 9112, section 11.2): lines end with
/// CR LF and nothing else, no line is folded, no space stands before a colon, and a body has one length.
struct HeadParser {
  /// What the bytes so far came to.
  enum Outcome: Equatable {
    /// The head is read; so many bytes belong to it.
    case complete(consumed: Int)
    /// More bytes are needed.
    case partial
  }

  /// How far the search has come, so that a head that comes byte by byte is not searched from its start every time.
  private var scanned = 0
  private var lineStart = 0
  /// Where the request line begins: after one empty line that RFC 9112, section 2.2 lets a server skip.
  private var headStart = 0

  /// Reads a head from the bytes received so far.
  /// - Throws: An `HTTPError` as soon as the bytes cannot become a head any more; the connection is of no further use,
  ///   because where the next request begins is not known.
  mutating func parse(
    _ bytes: Span<UInt8>, limits: Limits, into head: inout RequestHead
  ) throws(HTTPError) -> Outcome {
    guard let end = try findEnd(bytes, limits) else {
      guard bytes.count < limits.headBytes else { throw tooLarge }
      return .partial
    }
    guard end <= limits.headBytes else { throw tooLarge }
    head.bytes.removeAll(keepingCapacity: true)
    unsafe bytes.extracting(headStart..<end).withUnsafeBufferPointer { unsafe head.bytes.append(contentsOf: $0) }
    head.fields.removeAll(keepingCapacity: true)
    try head.readLines(limits)
    return .complete(consumed: end)
  }

  /// The offset after the empty line that ends the head, or `nil` while it has not come.
  private mutating func findEnd(_ bytes: Span<UInt8>, _ limits: Limits) throws(HTTPError) -> Int? {
    let bound = min(bytes.count, limits.headBytes)
    while scanned < bound {
      // A client that speaks something else (TLS on a plain port) is told at once, not after the deadline.
      if scanned == headStart, !bytes[headStart].mayBegin { throw .bad("the request does not begin with a method") }
      guard let index = HeadParser.lineFeed(in: bytes, from: scanned, to: bound) else {
        scanned = bound
        return nil
      }
      scanned = index + 1
      guard index > lineStart, bytes[index - 1] == .carriageReturn else { throw .bad("a line ends without CR") }
      defer { lineStart = index + 1 }
      guard index - 1 == lineStart else { continue }
      guard lineStart == headStart else { return index + 1 }
      guard headStart == 0 else { throw .bad("empty lines before the request line") }
      headStart = index + 1
    }
    return nil
  }

  /// The place of the first line feed in a part of the bytes.
  private static func lineFeed(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
    unsafe bytes.extracting(start..<end).withUnsafeBufferPointer { part in
      guard let base = part.baseAddress else { return nil }
      let found = unsafe memchr(base, Int32(UInt8.lineFeed), part.count)
      return unsafe found.map { unsafe start + UnsafeRawPointer(base).distance(to: $0) }
    }
  }

  private var tooLarge: HTTPError { HTTPError(.headTooLarge, "the request head is too large") }
}

extension UInt8 {
  /// Whether a head, or the empty line before it, may begin with the byte.
  fileprivate var mayBegin: Bool { isToken || self == .carriageReturn || self == .lineFeed }
}

extension RequestHead {
  /// Reads the request line and the fields out of `bytes`, whose lines all end with CR LF, the last one being empty.
  fileprivate mutating func readLines(_ limits: Limits) throws(HTTPError) {
    let bytes = bytes
    var framer = FramingReader()
    var start = 0
    while true {
      var end = start
      while bytes[end] != .carriageReturn { end += 1 }
      // A CR that no LF follows would end the line for some and not for others.
      guard bytes[end + 1] == .lineFeed else { throw .bad("a CR without LF") }
      if start == 0 {
        framer.isHTTP11 = try readRequestLine(bytes[..<end])
      } else if end == start {
        break
      } else {
        guard fields.count < limits.fieldCount else { throw HTTPError(.headTooLarge, "too many fields") }
        let field = try Field(bytes.span, start..<end)
        fields.append(field)
        try framer.take(field, bytes)
      }
      start = end + 2
    }
    isHTTP11 = framer.isHTTP11
    framing = try framer.framing(limits)
    endsConnection = framer.endsConnection
    expectsContinue = try framer.expectsContinue()
  }

  /// Reads `method SP request-target SP HTTP-version`; returns whether the version is 1.1.
  private mutating func readRequestLine(_ line: ArraySlice<UInt8>) throws(HTTPError) -> Bool {
    guard let firstSpace = line.firstIndex(of: .space), let lastSpace = line.lastIndex(of: .space),
      firstSpace < lastSpace
    else { throw .bad("the request line is not: method, target, version") }
    let isHTTP11 = try Self.readVersion(line[(lastSpace + 1)...])
    let name = line[..<firstSpace]
    guard !name.isEmpty, name.allSatisfy(\.isToken) else { throw .bad("the method is malformed") }
    guard let method = Method(name) else { throw HTTPError(.notImplemented, "the method is not known here") }
    self.method = method
    try readTarget(line[(firstSpace + 1)..<lastSpace])
    return isHTTP11
  }

  private static func readVersion(_ text: ArraySlice<UInt8>) throws(HTTPError) -> Bool {
    if text.elementsEqual("HTTP/1.1".utf8) { return true }
    if text.elementsEqual("HTTP/1.0".utf8) { return false }
    let version = Array(text)
    guard version.count == 8, version.starts(with: "HTTP/".utf8), version[5].isDigit, version[6] == UInt8(ascii: "."),
      version[7].isDigit
    else { throw .bad("the HTTP version is malformed") }
    // RFC 9110, section 2.5: a higher minor version is taken as the highest that is known here.
    if version[5] == UInt8(ascii: "1") { return true }
    throw HTTPError(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
  }

  /// Splits the target into path and query: origin form, absolute form (RFC 9112, section 3.2.2), or `*` for OPTIONS.
  private mutating func readTarget(_ target: ArraySlice<UInt8>) throws(HTTPError) {
    guard target.allSatisfy(\.isTarget) else { throw .bad("the request target has a byte that must be escaped") }
    var rest = target
    if rest.first != UInt8(ascii: "/") {
      if rest.elementsEqual("*".utf8), method == .options {
        setTarget(rest, query: nil)
        return
      }
      let scheme = ["http://", "https://"].first { rest.prefix($0.utf8.count).matches($0) }
      guard let scheme else { throw .bad("the request target is neither a path nor a URL") }
      rest = rest.dropFirst(scheme.utf8.count)
      let slash = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
      guard HostRule.isValid(rest[..<slash]) else { throw .bad("the host of the request target is malformed") }
      rest = rest[slash...]
    }
    guard let mark = rest.firstIndex(of: UInt8(ascii: "?")) else {
      setTarget(rest, query: nil)
      return
    }
    setTarget(rest[..<mark], query: rest[(mark + 1)...])
  }

  private mutating func setTarget(_ path: ArraySlice<UInt8>, query: ArraySlice<UInt8>?) {
    pathRange = UInt16(path.startIndex)..<UInt16(path.endIndex)
    queryRange = query.map { UInt16($0.startIndex)..<UInt16($0.endIndex) }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func matches(_ text: String) -> Bool {
    elementsEqual(text.utf8) { $0.lowercased == $1 }
  }
}

extension RequestHead.Field {
  /// Reads `name: value` in a part of the bytes; the rules are the same for heads and trailers.
  init(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPError) {
    guard !line.isEmpty, bytes[line.lowerBound] != .space, bytes[line.lowerBound] != .tab else {
      throw .bad("a field is folded over lines")
    }
    var colon = line.lowerBound
    while colon < line.upperBound, bytes[colon].isToken { colon += 1 }
    guard colon > line.lowerBound else { throw .bad("a field has no name") }
    guard colon < line.upperBound else { throw .bad("a field has no colon") }
    guard bytes[colon] == .colon else {
      let blank = bytes[colon] == .space || bytes[colon] == .tab
      throw .bad(blank ? "a space stands before a field's colon" : "a field name has a byte that no token has")
    }
    var start = colon + 1
    var end = line.upperBound
    while start < end, bytes[start] == .space || bytes[start] == .tab { start += 1 }
    while end > start, bytes[end - 1] == .space || bytes[end - 1] == .tab { end -= 1 }
    for index in start..<end where !bytes[index].isFieldValue { throw .bad("a field value has a control byte") }
    name = UInt16(truncatingIfNeeded: line.lowerBound)..<UInt16(truncatingIfNeeded: colon)
    value = UInt16(truncatingIfNeeded: start)..<UInt16(truncatingIfNeeded: end)
  }
}
