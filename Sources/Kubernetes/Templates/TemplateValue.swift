/// A value while a template runs.
enum TemplateValue: Sendable, Equatable {
  case string(String)
  case int(Int)
  case float(Double)
  case bool(Bool)
  case null
  /// The data itself, with the result in it.
  case data(String)

  /// The value as Go prints it with `%v`.
  var text: String {
    switch self {
    case .string(let text): text
    case .int(let value): String(value)
    case .float(let value): GoNumber.shortest(value)
    case .bool(let value): value ? "true" : "false"
    case .null: "<nil>"
    case .data(let result): "{\(result)}"
    }
  }

  /// Whether a condition holds: everything does but zero, false, nil and the empty text.
  var isTrue: Bool {
    switch self {
    case .string(let text): !text.isEmpty
    case .int(let value): value != 0
    case .float(let value): value != 0
    case .bool(let value): value
    case .null: false
    case .data: true
    }
  }

  /// The name of the type in Go.
  var typeName: String {
    switch self {
    case .string: "string"
    case .int: "int"
    case .float: "float64"
    case .bool: "bool"
    case .null: "nil"
    case .data: "struct"
    }
  }
}

/// Numbers as Go's `fmt` writes them.
enum GoNumber {
  /// The shortest text that reads back as the same double; an exponent below -4 and from 21 on.
  static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
    guard value != 0 else { return value.sign == .minus ? "-0" : "0" }
    let (digits, exponent) = decimal(abs(value))
    let sign = value < 0 ? "-" : ""
    if exponent < -4 || exponent >= 21 {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let power = String(abs(exponent))
      return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+") + (power.count < 2 ? "0" : "") + power
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
    guard digits.count > exponent + 1 else {
      return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }

  /// The significant digits and the power of ten of the first.
  private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
    let parts = value.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let whole = mantissa.first.map(String.init) ?? ""
    let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1
    var digits = whole + fraction
    while digits.hasPrefix("0"), digits.count > 1 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
    return (digits, exponent)
  }
}
