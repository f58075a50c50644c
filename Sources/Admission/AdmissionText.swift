/// Texts that go into headers and answers, held to a length.
enum AdmissionText {
  /// The text with at most `limit` Unicode scalars, which is how the API server counts.
  ///
  /// A longer one ends in an ellipsis, and the cut never splits a character that a reader sees as one.
  static func cut(_ text: String, to limit: Int) -> String {
    // No text has more scalars than bytes, so the common short one is not walked.
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
    var scalars = 0
    var end = text.startIndex
    for index in text.indices {
      scalars += text[index].unicodeScalars.count
      guard scalars < limit else { break }
      end = text.index(after: index)
    }
    return text[..<end] + "…"
  }

  /// The text without control characters, which a header of HTTP could not carry.
  static func singleLine(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }
}
