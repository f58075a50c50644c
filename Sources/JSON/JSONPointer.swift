/// A path to a value in a document (RFC 6901).
public struct JSONPointer: Sendable, CustomStringConvertible {
  /// The steps, unescaped.
  public var tokens: [String]

  /// A pointer of unescaped steps; none is the whole document.
  public init(_ tokens: [String] = []) { self.tokens = tokens }

  /// Parses the text form: empty, or steps that each start with a slash, `~1` for a slash and `~0` for a tilde.
  ///
  /// Answers nil for a text that does not start with a slash or has a tilde without 0 or 1 behind it.
  public init?(_ text: String) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    var tokens: [String] = []
    for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let token = JSONPointer.unescape(part) else { return nil }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  /// The text form.
  public var description: String { tokens.map { "/" + JSONPointer.escape($0) }.joined() }

  /// A pointer one step deeper.
  public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

  /// A step in the text form.
  public static func escape(_ token: String) -> String {
    guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
    var escaped = ""
    for character in token.unicodeScalars {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func unescape(_ part: Substring.UTF8View) -> String? {
    guard part.contains(UInt8(ascii: "~")) else { return String(part) }
    var bytes: [UInt8] = []
    var iterator = part.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch iterator.next() {
      case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The position that a step means in an array: digits without a leading zero (RFC 6901 section 4).
  static func arrayIndex(_ token: String) -> Int? {
    guard token == "0" || (token.utf8.first.map { UInt8(ascii: "1")...UInt8(ascii: "9") ~= $0 } ?? false),
      token.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return Int(token)
  }
}

extension JSONPointer: Hashable {
  /// Whether both have the same steps, byte by byte.
  public static func == (one: JSONPointer, other: JSONPointer) -> Bool {
    one.tokens.count == other.tokens.count && zip(one.tokens, other.tokens).allSatisfy { sameText($0, $1) }
  }

  /// Feeds the steps.
  public func hash(into hasher: inout Hasher) { hasher.combine(tokens) }

  /// Whether the other pointer leads to a place inside of what this one leads to.
  func isProperPrefix(of other: JSONPointer) -> Bool {
    tokens.count < other.tokens.count && zip(tokens, other.tokens).allSatisfy { sameText($0, $1) }
  }
}

extension JSONValue {
  /// The value that a pointer leads to from here.
  public func value(at pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      let next: JSONValue? =
        switch value {
        case .object(let object): object[token]
        case .array: JSONPointer.arrayIndex(token).flatMap { value[$0] }
        case .null, .bool, .number, .string: nil
        }
      guard let next else { return nil }
      value = next
    }
    return value
  }
}

extension JSONView {
  /// The value that a pointer leads to from here.
  public func value(at pointer: JSONPointer) -> JSONView? {
    var view = self
    for token in pointer.tokens {
      let next: JSONView? =
        switch view.kind {
        case .object: view[token]
        case .array: JSONPointer.arrayIndex(token).flatMap { view[$0] }
        case .null, .bool, .number, .string: nil
        }
      guard let next else { return nil }
      view = next
    }
    return view
  }
}
