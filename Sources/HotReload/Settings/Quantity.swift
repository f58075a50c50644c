/// An amount as Kubernetes writes it, such as `50m` or `32Mi`; equal amounts are equal however they are written.
public struct Quantity: Sendable, Hashable, Comparable {
  /// The text as it was written.
  public let text: String
  /// The amount in billionths, the finest step that Kubernetes has.
  let billionths: Int128

  /// Parses an amount that is not negative (Kubernetes API reference, "Quantity"); nil for anything else.
  ///
  /// 32 bytes hold every sensible amount; more precision than billionths is refused.
  public init?(_ text: String) {
    guard text.utf8.count <= 32 else { return nil }
    let isNumeric = { (byte: UInt8) in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: ".")
    }
    let number = text.utf8.prefix(while: isNumeric)
    guard let scale = Quantity.scale(String(text.utf8.dropFirst(number.count)) ?? "?"),
      let value = Quantity.scaled(Array(number), scale)
    else { return nil }
    self.text = text
    billionths = value
  }

  /// An amount of mebibytes.
  static func mebibytes(_ count: Int) -> Quantity {
    Quantity(text: "\(count)Mi", billionths: Int128(count) << 20 * 1_000_000_000)
  }
  /// An amount of gibibytes.
  static func gibibytes(_ count: Int) -> Quantity {
    Quantity(text: "\(count)Gi", billionths: Int128(count) << 30 * 1_000_000_000)
  }
  /// 1 MiB.
  static let mebibyte = mebibytes(1)

  private init(text: String, billionths: Int128) {
    self.text = text
    self.billionths = billionths
  }

  /// The amount in whole units, as many as fit an `Int`.
  var units: Int { Int(clamping: billionths / 1_000_000_000) }

  /// Orders by the amount.
  public static func < (one: Quantity, other: Quantity) -> Bool { one.billionths < other.billionths }
  /// Whether the amounts are equal.
  public static func == (one: Quantity, other: Quantity) -> Bool { one.billionths == other.billionths }
  /// Feeds the amount.
  public func hash(into hasher: inout Hasher) { hasher.combine(billionths) }

  private static let suffixes: [String: Int128] = [
    "n": 1, "u": 1000, "m": 1_000_000, "": 1_000_000_000, "k": 1_000_000_000_000, "M": 1_000_000_000_000_000,
    "G": 1_000_000_000_000_000_000, "T": 1_000_000_000_000_000_000_000, "P": 1_000_000_000_000_000_000_000_000,
    "E": 1_000_000_000_000_000_000_000_000_000, "Ki": 1_000_000_000 << 10, "Mi": 1_000_000_000 << 20,
    "Gi": 1_000_000_000 << 30, "Ti": 1_000_000_000 << 40, "Pi": 1_000_000_000 << 50, "Ei": 1_000_000_000 << 60,
  ]

  /// The billionths in one unit of a suffix; an exponent such as `e3` is one, too.
  private static func scale(_ suffix: String) -> Int128? {
    if let scale = suffixes[suffix] { return scale }
    guard suffix.hasPrefix("e") || suffix.hasPrefix("E"), let exponent = Int(suffix.dropFirst()), -9...18 ~= exponent
    else { return nil }
    return (0..<exponent + 9).reduce(Int128(1)) { scale, _ in scale * 10 }
  }

  private static func scaled(_ number: [UInt8], _ scale: Int128) -> Int128? {
    let parts = number.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
    var digits: Int128 = 0
    for digit in parts.joined() {
      let (tens, overflow) = digits.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      digits = tens + Int128(digit - UInt8(ascii: "0"))
    }
    var (value, overflow) = digits.multipliedReportingOverflow(by: scale)
    for _ in 0..<(parts.count == 2 ? parts[1].count : 0) {
      guard value % 10 == 0 else { return nil }
      value /= 10
    }
    if overflow { value = 0 }
    return overflow ? nil : value
  }
}
