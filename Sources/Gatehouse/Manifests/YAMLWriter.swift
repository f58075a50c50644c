import JSON

/// Writes a value as YAML for people: block style, names in the order of the object.
struct YAMLWriter {
  private(set) var lines: [String] = []

  /// The lines of a value.
  static func lines(_ value: JSONValue) -> [String] {
    var writer = YAMLWriter()
    writer.write(value, indent: "", lead: "")
    return writer.lines
  }

  /// Writes a value whose first line starts with `lead`: the place where its name or dash stands.
  private mutating func write(_ value: JSONValue, indent: String, lead: String) {
    switch value {
    case .object(let object) where !object.isEmpty:
      write(object, indent: indent, lead: lead)
    case .array(let elements) where !elements.isEmpty:
      for (position, element) in elements.enumerated() {
        let start = position == 0 && !lead.isEmpty ? lead : indent
        write(element, indent: indent + "  ", lead: start + "- ")
      }
    case .string(let text) where text.contains("\n") && YAMLWriter.fitsBlock(text):
      block(text, indent: indent, lead: lead)
    default:
      lines.append(lead + YAMLWriter.scalar(value))
    }
  }

  private mutating func write(_ object: JSONObject, indent: String, lead: String) {
    for (position, member) in object.members.enumerated() {
      let start = (position == 0 && !lead.isEmpty ? lead : indent) + YAMLWriter.quoted(member.name) + ":"
      switch member.value {
      case .object(let inner) where !inner.isEmpty:
        lines.append(start)
        write(member.value, indent: indent + "  ", lead: "")
      case .array(let elements) where !elements.isEmpty:
        lines.append(start)
        write(member.value, indent: indent, lead: "")
      default:
        write(member.value, indent: indent + "  ", lead: start + " ")
      }
    }
  }

  private mutating func block(_ text: String, indent: String, lead: String) {
    lines.append(lead + (text.hasSuffix("\n") ? "|" : "|-"))
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append(line.isEmpty ? "" : indent + line)
    }
  }

  /// Whether a text reads the same as a literal block: no other line ends, no blanks where the block would guess its indent.
  private static func fitsBlock(_ text: String) -> Bool {
    !text.hasPrefix(" ") && !text.hasPrefix("\n") && !text.hasSuffix("\n\n")
      && text.unicodeScalars.allSatisfy { $0 == "\n" || !needsEscape($0) }
  }

  private static func scalar(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): quoted(text)
    default: value.text
    }
  }

  /// The text as it is where YAML reads it back as that text, else with JSON's quotes, which YAML knows too.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      PlainScalar(text) == .string && text.utf8.allSatisfy(isPlainByte) && !startsSpecially(text) && text.last != ":"
    guard !isPlain else { return text }
    let json = JSONValue.string(text).text
    guard json.unicodeScalars.contains(where: needsEscape) else { return json }
    return json.unicodeScalars.map { needsEscape($0) ? escape($0) : String($0) }.joined()
  }

  /// Whether YAML reads a character as something else where it stands for itself: as the end of a line, a mark of the text's encoding, or
  /// not at all (YAML 1.2, sections 5.1 and 5.4).
  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  /// A sign that YAML gives a meaning to at the start, or what other readers may take for a date or a time.
  private static func startsSpecially(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    if "0123456789".utf8.contains(first) { return text.utf8.contains { "-:".utf8.contains($0) } }
    return "-@=:".utf8.contains(first)
  }

  private static func isPlainByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:+=@$()^~".utf8.contains(byte)
    }
  }
}
