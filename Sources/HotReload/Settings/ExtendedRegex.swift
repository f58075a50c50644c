import Glibc

/// A POSIX extended regular expression that compiles and is cheap to compile.
public struct ExtendedRegex: Sendable, Hashable {
  /// The expression.
  public let pattern: String

  /// Checks an expression; nil where it does not compile or is longer or wilder than the limits.
  ///
  /// Nested repetitions make glibc's compiler use memory that grows with their product, so at most one `{n,m}` with bounds up to 100
  /// is allowed: a pattern of 256 bytes then has at most 25,600 positions.
  public init?(_ pattern: String) {
    guard 1...256 ~= pattern.utf8.count, !pattern.utf8.contains(0), ExtendedRegex.hasFewRepetitions(pattern),
      !ExtendedRegex.multiplies(pattern),
      CompiledRegex(pattern) != nil
    else { return nil }
    self.pattern = pattern
  }

  /// Whether something that `+` or `{n,m}` repeats holds another such repetition, or refers back to a group.
  ///
  /// glibc's compiler copies what these two repeat, so each level on another doubles the whole, and 30 of them fill any memory. Matching
  /// a back-reference takes time by a power of the text.
  private static func multiplies(_ pattern: String) -> Bool {
    var bytes = Array(pattern.utf8)[...]
    /// Whether each open group, the outermost first, holds a copied repetition; and whether what stands last is or holds one.
    var groups = [false]
    var isCopied = false
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"):
        guard let next = bytes.popFirst(), !(UInt8(ascii: "1")...UInt8(ascii: "9") ~= next) else { return true }
        isCopied = false
      case UInt8(ascii: "["):
        skipBracket(&bytes)
        isCopied = false
      case UInt8(ascii: "("):
        groups.append(false)
        isCopied = false
      case UInt8(ascii: ")"):
        isCopied = groups.count > 1 && groups.removeLast()
        if isCopied { groups[groups.count - 1] = true }
      case UInt8(ascii: "+"), UInt8(ascii: "{"):
        if isCopied { return true }
        isCopied = true
        groups[groups.count - 1] = true
        if byte == UInt8(ascii: "{") { bytes = bytes.drop { $0 != UInt8(ascii: "}") }.dropFirst() }
      case UInt8(ascii: "*"), UInt8(ascii: "?"): break
      default: isCopied = false
      }
    }
    return false
  }

  /// Passes over the rest of a bracket expression; `]` stands for itself as the first of its characters (POSIX.1-2017, 9.3.5).
  private static func skipBracket(_ bytes: inout ArraySlice<UInt8>) {
    if bytes.first == UInt8(ascii: "^") { bytes.removeFirst() }
    if bytes.first == UInt8(ascii: "]") { bytes.removeFirst() }
    while let byte = bytes.popFirst(), byte != UInt8(ascii: "]") {
      // A class such as `[:alpha:]` has a bracket of its own.
      guard byte == UInt8(ascii: "["), let kind = bytes.first, ":.=".utf8.contains(kind) else { continue }
      while let inner = bytes.popFirst(), !(inner == kind && bytes.first == UInt8(ascii: "]")) {}
      bytes = bytes.dropFirst()
    }
  }

  private static func hasFewRepetitions(_ pattern: String) -> Bool {
    let parts = pattern.utf8.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return false }
    guard parts.count == 2 else { return true }
    let bounds = parts[1].prefix { $0 != UInt8(ascii: "}") }
    return bounds.split(separator: UInt8(ascii: ",")).allSatisfy { bound in
      guard let bound = Int(String(decoding: bound, as: UTF8.self)) else { return false }
      return 0...100 ~= bound
    }
  }
}

/// A compiled expression; freed with its owner.
@safe final class CompiledRegex {
  // Safe because it exists only when regcomp filled it, nothing changes it afterwards, and deinit frees it.
  private var compiled: regex_t

  init?(_ pattern: String) {
    var compiled = unsafe regex_t()
    guard unsafe regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
    unsafe self.compiled = compiled
  }

  deinit { unsafe regfree(&compiled) }

  /// Whether the expression matches anywhere in the text.
  func matches(_ text: String) -> Bool { unsafe regexec(&compiled, text, 0, nil, 0) == 0 }
}
