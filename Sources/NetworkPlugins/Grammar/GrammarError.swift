/// A value that does not have the form that it should.
public struct GrammarError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which part of the value is wrong, and what is accepted.
  public let message: String

  /// Describes a refusal.
  init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

/// A text between quotes, cut where it is long, for a message.
///
/// A value may be as large as the object that it stands in; the cut keeps an answer readable. 64 characters hold any port entry or id.
func quoted(_ text: some StringProtocol) -> String {
  let limit = 64
  return text.utf8.count <= limit ? "\"\(text)\"" : "\"\(text.prefix(limit))…\""
}

extension Substring {
  /// The text without blanks and tabs at either end.
  var trimmed: Substring {
    let isBlank = { (unit: UInt8) in unit == UInt8(ascii: " ") || unit == UInt8(ascii: "\t") }
    guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) })
    else {
      return self[endIndex...]
    }
    return Substring(utf8[first...last])
  }

  /// The parts between commas, trimmed, empty ones included; one empty part for an empty text.
  ///
  /// By bytes, as admission reads the parameters of every pod: a comma is a comma whatever stands behind it.
  var commaParts: [Substring] {
    utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { Substring($0).trimmed }
  }

  /// The parts on both sides of the first occurrence of an ASCII character, trimmed; nil where it does not occur.
  func halves(at separator: Unicode.Scalar) -> (Substring, Substring)? {
    guard let place = utf8.firstIndex(of: UInt8(ascii: separator)) else { return nil }
    return (Substring(utf8[..<place]).trimmed, Substring(utf8[utf8.index(after: place)...]).trimmed)
  }
}
