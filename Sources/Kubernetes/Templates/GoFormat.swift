import Glibc

/// The formats of Go's `fmt` for the values that templates have.
enum GoFormat {
  /// The longest width and precision that are obeyed, as long as the longest output.
  private static let widthLimit = GoTemplate.lengthLimit

  /// As `fmt.Sprint`: a space between two arguments of which neither is a string.
  static func print(_ values: [TemplateValue]) throws(TemplateError) -> String {
    var text = ""
    for (place, value) in values.enumerated() {
      if place > 0, !isString(value), !isString(values[place - 1]) { text += " " }
      text += value.text
      try GoTemplate.check(text)
    }
    return text
  }

  /// As `fmt.Sprintln`: a space between any two arguments, and the end of the line.
  static func println(_ values: [TemplateValue]) throws(TemplateError) -> String {
    var text = ""
    for (place, value) in values.enumerated() {
      text += (place > 0 ? " " : "") + value.text
      try GoTemplate.check(text)
    }
    return text + "\n"
  }

  private static func isString(_ value: TemplateValue) -> Bool { if case .string = value { true } else { false } }

  /// As `fmt.Sprintf`, with Go's remarks in the output where verbs and arguments do not fit.
  static func printf(_ format: String, _ arguments: [TemplateValue]) throws(TemplateError) -> String {
    var output = ""
    var used = 0
    var rest = Substring(format)
    while let percent = rest.firstIndex(of: "%") {
      output += rest[..<percent]
      rest = rest[percent...].dropFirst()
      let directive = Directive(&rest)
      guard let verb = directive.verb else {
        output += "%!(NOVERB)"
        break
      }
      if verb == "%" {
        output += "%"
      } else if used < arguments.count {
        output += directive.format(arguments[used], verb)
        used += 1
      } else {
        output += "%!\(verb)(MISSING)"
      }
      try GoTemplate.check(output)
    }
    output += rest
    guard used < arguments.count else { return output }
    output += "%!(EXTRA "
    for (place, argument) in arguments[used...].enumerated() {
      output += (place > 0 ? ", " : "") + "\(argument.typeName)=\(argument.text)"
      try GoTemplate.check(output)
    }
    return output + ")"
  }

  /// One `%` with its flags, width, precision and verb.
  private struct Directive {
    private var flags: Set<Character> = []
    private var width = 0
    private var precision: Int?
    private(set) var verb: Character?

    init(_ rest: inout Substring) {
      while let flag = rest.first, "+-# 0".contains(flag) {
        flags.insert(flag)
        rest.removeFirst()
      }
      width = Directive.number(&rest) ?? 0
      if rest.first == "." {
        rest.removeFirst()
        precision = Directive.number(&rest) ?? 0
      }
      verb = rest.popFirst()
    }

    private static func number(_ rest: inout Substring) -> Int? {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits.isEmpty ? nil : min(Int(digits) ?? widthLimit, widthLimit)
    }

    func format(_ value: TemplateValue, _ verb: Character) -> String {
      guard let text = text(value, verb) else { return "%!\(verb)(\(value.typeName)=\(value.text))" }
      return pad(text, isNumber: { if case .string = value { false } else { true } }())
    }

    private func text(_ value: TemplateValue, _ verb: Character) -> String? {
      switch (value, verb) {
      case (.int(let number), "v"), (.int(let number), "d"): return signed(String(number))
      case (.int(let number), "c"): return Unicode.Scalar(UInt32(clamping: number)).map { String(Character($0)) }
      case (.int(let number), "x"): return signed(String(number, radix: 16))
      case (.int(let number), "X"): return signed(String(number, radix: 16, uppercase: true))
      case (.int(let number), "o"): return signed(String(number, radix: 8))
      case (.int(let number), "b"): return signed(String(number, radix: 2))
      case (.float(let number), "v"), (.float(let number), "g"):
        return signed(precision == nil ? GoNumber.shortest(number) : fixed(number, "g"))
      case (.float(let number), "f"), (.float(let number), "F"): return signed(fixed(number, "f"))
      case (.float(let number), "e"): return signed(fixed(number, "e"))
      case (.bool, "t"), (.bool, "v"), (.null, "v"), (.data, "v"): return value.text
      case (.string(let text), "v"), (.string(let text), "s"): return cut(text)
      case (.string(let text), "q"): return GoQuote.quote(cut(text))
      case (.string(let text), "x"): return hex(cut(text), uppercase: false)
      case (.string(let text), "X"): return hex(cut(text), uppercase: true)
      default: return nil
      }
    }

    private func cut(_ text: String) -> String {
      precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    }

    private func signed(_ text: String) -> String {
      guard !text.hasPrefix("-") else { return text }
      return (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text
    }

    private func hex(_ text: String, uppercase: Bool) -> String {
      text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: uppercase) }.joined()
    }

    /// A double with a number of digits, which C and Go write alike.
    private func fixed(_ number: Double, _ verb: String) -> String {
      let format = "%.\(min(precision ?? 6, 300))\(verb)"
      return unsafe withVaList([number]) { arguments in
        // 309 digits before the point, 300 behind it, sign and exponent.
        unsafe String(unsafeUninitializedCapacity: 640) { buffer in
          let length = unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
            unsafe vsnprintf(buffer.baseAddress, buffer.count, format, arguments)
          }
          return min(max(Int(length), 0), 639)
        }
      }
    }

    private func pad(_ text: String, isNumber: Bool) -> String {
      let missing = width - text.unicodeScalars.count
      guard missing > 0 else { return text }
      if flags.contains("-") { return text + String(repeating: " ", count: missing) }
      guard flags.contains("0") else { return String(repeating: " ", count: missing) + text }
      let zeros = String(repeating: "0", count: missing)
      guard isNumber, let sign = text.first, sign == "-" || sign == "+" else { return zeros + text }
      return String(sign) + zeros + text.dropFirst()
    }
  }
}

/// Strings in quotes as Go's `strconv.Quote` writes them.
enum GoQuote {
  /// The text in double quotes with escapes for what cannot be printed.
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{7}": quoted += "\\a"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{B}": quoted += "\\v"
      case "\0"..<" ", "\u{7F}":
        quoted += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
