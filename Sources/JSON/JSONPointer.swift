/// A path to a value in a document (RFC 6901).
///
/// Kept as text, because nearly every pointer is made to be written into a patch.
public struct JSONPointer: Sendable, CustomStringConvertible {
  /// The text form: empty for the whole document, or steps that each start with a slash.
  public let description: String

  /// Takes a text form that is known to be well formed.
  init(escaped text: String) { description = text }

  /// A pointer of unescaped steps; none is the whole document.
  public init(_ tokens: [String] = []) {
    var path = JSONPath()
    for token in tokens { _ = path.descend(token) }
    self = path.pointer
  }

  /// Parses the text form: empty, or steps that each start with a slash, `~1` for a slash and `~0` for a tilde.
  ///
  /// Answers nil for a text that does not start with a slash or has a tilde without 0 or 1 behind it.
  public init?(_ text: String) {
    guard text.isEmpty || text.utf8.first == UInt8(ascii: "/") else { return nil }
    var isEscape = false
    for unit in text.utf8 {
      if isEscape, unit != UInt8(ascii: "0"), unit != UInt8(ascii: "1") { return nil }
      isEscape = unit == UInt8(ascii: "~")
    }
    guard !isEscape else { return nil }
    description = text
  }

  /// The steps, unescaped.
  public var tokens: [String] {
    description.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
      .map(JSONPointer.unescape)
  }

  /// Whether the pointer leads to the whole document.
  public var isRoot: Bool { description.isEmpty }

  /// How many steps there are.
  public var depth: Int { description.utf8.count { $0 == UInt8(ascii: "/") } }

  /// A pointer one step deeper.
  public func appending(_ token: String) -> JSONPointer {
    var (own, token) = (description, token)
    let text = own.withUTF8 { own in
      token.withUTF8 { token in
        unsafe String(unsafeUninitializedCapacity: own.count + JSONStep.room(token.count)) { target in
          guard let start = target.baseAddress else { return 0 }
          if let source = own.baseAddress { unsafe start.update(from: source, count: own.count) }
          return unsafe own.count + JSONStep.write(token, to: start + own.count)
        }
      }
    }
    return JSONPointer(escaped: text)
  }

  private static func unescape(_ part: Substring.UTF8View) -> String {
    guard part.contains(UInt8(ascii: "~")) else { return String(Substring(part)) }
    var bytes: [UInt8] = []
    var iterator = part.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      bytes.append(iterator.next() == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
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
  public static func == (one: JSONPointer, other: JSONPointer) -> Bool { sameText(one.description, other.description) }

  /// Feeds the text form.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  /// Whether the other pointer leads to a place inside of what this one leads to.
  func isProperPrefix(of other: JSONPointer) -> Bool {
    let (own, whole) = (description.utf8, other.description.utf8)
    return whole.starts(with: own) && whole.dropFirst(own.count).first == UInt8(ascii: "/")
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
