/// The grammars of names in Kubernetes that annotations refer to.
enum KubernetesName {
  /// Whether the text is a DNS label (RFC 1123): container names.
  static func isLabel(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  /// Whether the text is a DNS subdomain (RFC 1123): names of ConfigMaps and Secrets.
  ///
  /// Kubernetes limits the whole to 253 characters but not its parts to 63.
  static func isSubdomain(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return text.utf8.count <= 253
      && parts.allSatisfy { part in
        guard let first = part.first, let last = part.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
          && part.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }

  /// The lower-case letters and digits that such names consist of.
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}

/// The reference of a container image.
enum ImageReference {
  /// Accepts what a registry could hold: the characters of names, tags and digests, and no longer than 1,024 bytes.
  ///
  /// The full grammar is the runtime's business; this catches white space, an empty text and shell leftovers.
  static func check(_ text: String) -> Checked<String> {
    let punctuation = Set("._-/:@".utf8)
    let isPlain = { (byte: UInt8) in
      (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 1024,
      isPlain(first), isPlain(last), text.utf8.allSatisfy({ isPlain($0) || punctuation.contains($0) })
    else { return .refused("is not accepted: it takes an image such as registry.example/assets:7") }
    return .accepted(text)
  }
}

extension StringProtocol {
  /// The text without blanks and tabs at both ends.
  var trimmed: String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
