/// What an unquoted YAML scalar means, by the rules of the decoder that Kubernetes' own tools use (YAML 1.1 as in `sigs.k8s.io/yaml`).
enum PlainScalar: Equatable {
  case null
  case bool(Bool)
  /// A number as JSON writes it.
  case number(String)
  /// A number that JSON cannot write: an infinity or NaN.
  case unwritable
  case string

  private static let words: [String: PlainScalar] = {
    var words: [String: PlainScalar] = ["": .null, "~": .null]
    func add(_ meaning: PlainScalar, _ names: String...) {
      for name in names {
        words[name] = meaning
        words[name.prefix(1).uppercased() + name.dropFirst()] = meaning
        words[name.uppercased()] = meaning
      }
    }
    add(.null, "null")
    add(.bool(true), "y", "yes", "true", "on")
    add(.bool(false), "n", "no", "false", "off")
    add(.unwritable, ".nan", ".inf", "+.inf", "-.inf")
    return words
  }()

  /// Resolves a scalar.
  init(_ text: String) {
    if let word = PlainScalar.words[text] {
      self = word
    } else if let number = PlainScalar.integer(text) ?? PlainScalar.fraction(text) {
      self = .number(number)
    } else {
      self = .string
    }
  }

  /// Decimal, or with one of the prefixes `0x`, `0o`, `0b` and `0`, in 64 bits; underscores are left out.
  private static func integer(_ text: String) -> String? {
    guard let first = text.utf8.first, "+-0123456789".utf8.contains(first) else { return nil }
    let isNegative = text.hasPrefix("-")
    let digits = text.drop { $0 == "-" || $0 == "+" }.filter { $0 != "_" }
    guard text.utf8.count - digits.utf8.count < 2 || text.contains("_"), !digits.hasPrefix("-"), !digits.hasPrefix("+")
    else { return nil }
    let radixes: [(String, Int)] = [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2), ("0B", 2)]
    let (body, radix) =
      radixes.first { digits.hasPrefix($0.0) }.map { (String(digits.dropFirst(2)), $0.1) }
      ?? (digits.count > 1 && digits.hasPrefix("0") ? (String(digits.dropFirst()), 8) : (String(digits), 10))
    guard let value = UInt64(body, radix: radix), !body.hasPrefix("+") else { return nil }
    return value == 0 ? "0" : (isNegative ? "-" : "") + String(value)
  }

  /// A decimal fraction or exponent; the text stays as it is where JSON has the same grammar.
  private static func fraction(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }),
      text.utf8.contains(where: { 0x30...0x39 ~= $0 }),
      let value = Double(text)
    else { return nil }
    return value.isFinite ? value.description : nil
  }
}
