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
      CompiledRegex(pattern) != nil
    else { return nil }
    self.pattern = pattern
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
