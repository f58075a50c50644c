/// The field `grpc-timeout`: up to eight digits and a unit.
enum GRPCTimeout {
  /// Reads a timeout; nil for anything else.
  static func parse(_ text: String) -> Duration? {
    let digits = text.utf8.dropLast()
    guard (1...8).contains(digits.count), let unit = text.utf8.last,
      digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    switch Character(Unicode.Scalar(unit)) {
    case "H": return .seconds(number * 3600)
    case "M": return .seconds(number * 60)
    case "S": return .seconds(number)
    case "m": return .milliseconds(number)
    case "u": return .microseconds(number)
    case "n": return .nanoseconds(number)
    default: return nil
    }
  }
}
