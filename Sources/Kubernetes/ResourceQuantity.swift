/// An amount of a resource as the Kubernetes API writes it: `500m`, `2Gi`, `1.5`, `1e3`.
///
/// Source: `k8s.io/apimachinery/pkg/api/resource`, `Quantity`. Amounts compare by value, however they are written.
public struct ResourceQuantity: Sendable, Hashable, Comparable {
  /// The forms that are accepted, for messages.
  public static let grammar =
    "a quantity: a number such as 2 or 1.5, with an optional suffix n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an "
    + "exponent such as e3"

  /// Billionths, the finest step of the API; anything finer is rounded away from zero, anything beyond 2^63-1 units is held there.
  private let billionths: Int128

  private static let most = Int128(Int64.max) * 1_000_000_000
  /// The longest text in bytes: 19 digits before the point and 9 behind it are all that counts; Kubernetes has no limit of its own.
  private static let lengthLimit = 256

  /// Parses an amount; nil for anything that the API server would refuse, and for a text that is longer than any amount.
  public init?(_ text: String) {
    guard text.utf8.count <= ResourceQuantity.lengthLimit else { return nil }
    var rest = text.utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let number = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }
    guard let suffix = Suffix(String(rest[number.endIndex...]) ?? "") else { return nil }
    let parts = number.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
    let amount = ResourceQuantity.billionths(
      whole: parts[0], fraction: parts.count == 2 ? parts[1] : "".utf8[...], suffix)
    billionths = isNegative ? -amount : amount
  }

  /// Whether the amount is below zero.
  public var isNegative: Bool { billionths < 0 }
  /// Whether the amount is the largest that is told apart; anything larger is held there.
  public var isLargest: Bool { billionths == ResourceQuantity.most }
  /// The amount in whole units, rounded down.
  public var units: Int { Int(clamping: billionths / 1_000_000_000) }
  /// The amount in thousandths, rounded down.
  public var thousandths: Int { Int(clamping: billionths / 1_000_000) }
  /// Whether the amount is zero.
  public var isZero: Bool { billionths == 0 }

  /// Orders by amount.
  public static func < (one: ResourceQuantity, other: ResourceQuantity) -> Bool { one.billionths < other.billionths }

  /// What a unit is: a power of two, or of ten.
  private enum Suffix {
    case binary(Int)
    case decimal(Int)

    init?(_ text: String) {
      switch text {
      case "": self = .decimal(0)
      case "n": self = .decimal(-9)
      case "u": self = .decimal(-6)
      case "m": self = .decimal(-3)
      case "k": self = .decimal(3)
      case "M": self = .decimal(6)
      case "G": self = .decimal(9)
      case "T": self = .decimal(12)
      case "P": self = .decimal(15)
      case "E": self = .decimal(18)
      case "Ki": self = .binary(10)
      case "Mi": self = .binary(20)
      case "Gi": self = .binary(30)
      case "Ti": self = .binary(40)
      case "Pi": self = .binary(50)
      case "Ei": self = .binary(60)
      default:
        guard let first = text.first, first == "e" || first == "E", let exponent = Int32(text.dropFirst()) else {
          return nil
        }
        self = .decimal(Int(exponent))
      }
    }
  }

  private static func billionths(
    whole: Substring.UTF8View, fraction: Substring.UTF8View, _ suffix: Suffix
  ) -> Int128 {
    let digits = Array((Array(whole) + Array(fraction)).drop { $0 == UInt8(ascii: "0") })
    var exponent = 9 - fraction.count
    var multiplier: Int128 = 1
    switch suffix {
    case .decimal(let power): exponent += power
    case .binary(let power): multiplier = 1 << Int128(power)
    }
    // What is left of the first 38 digits is beyond the largest amount or finer than the finest step, whichever comes first.
    if digits.isEmpty { return 0 }
    guard digits.count + exponent <= 38 else { return most }
    if exponent < 0, multiplier == 1 { return roundedUp(digits, dropping: -exponent) }
    return scaled(digits, multiplier, exponent)
  }

  /// The digits without the last ones, one more where these are not zero.
  private static func roundedUp(_ digits: [UInt8], dropping count: Int) -> Int128 {
    let kept = digits.dropLast(count)
    let value = kept.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) }
    let isExact = digits.suffix(count).allSatisfy { $0 == UInt8(ascii: "0") }
    return min(isExact ? value : value + 1, most)
  }

  private static func scaled(_ digits: [UInt8], _ multiplier: Int128, _ exponent: Int) -> Int128 {
    var value: Int128 = 0
    // 19 significant digits in front of a binary unit are finer than any amount that a machine has.
    for digit in digits.prefix(multiplier == 1 ? 38 : 19) {
      value = value * 10 + Int128(digit - UInt8(ascii: "0"))
    }
    var exponent = exponent + max(digits.count - 19, 0) * (multiplier == 1 ? 0 : 1)
    let (product, overflowed) = value.multipliedReportingOverflow(by: multiplier)
    guard !overflowed else { return most }
    value = product
    while exponent > 0, value < most {
      value *= 10
      exponent -= 1
    }
    while exponent < 0, value > 0 {
      value = (value + 9) / 10
      exponent += 1
    }
    return min(value, most)
  }
}
