/// Whether two texts are the same bytes.
///
/// RFC 8259 section 8.3 compares strings by code points, while Swift's `==` also takes canonically equivalent spellings for equal.
func sameText(_ one: String, _ other: String) -> Bool {
  guard one.utf8.count == other.utf8.count else { return false }
  var one = one
  var other = other
  return one.withUTF8 { one in
    other.withUTF8 { other in
      guard let first = one.baseAddress, let second = other.baseAddress else { return one.isEmpty && other.isEmpty }
      return unsafe equalBytes(first, second, one.count)
    }
  }
}

/// A text as a key of a table, told apart by its bytes.
struct TextKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: TextKey, other: TextKey) -> Bool { sameText(one.text, other.text) }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
