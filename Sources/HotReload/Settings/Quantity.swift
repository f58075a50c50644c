internal import Kubernetes

/// An amount as a user wrote it, such as `50m` or `32Mi`; equal amounts are equal however they are written.
public struct Quantity: Sendable, Hashable, Comparable {
  /// The longest text: 32 bytes hold every sensible amount.
  private static let lengthLimit = 32

  /// The text as it was written.
  public let text: String
  private let amount: ResourceQuantity

  /// Parses an amount that has no sign and can be counted (Kubernetes API reference, "Quantity"); nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count <= Quantity.lengthLimit, let first = text.utf8.first,
      first != UInt8(ascii: "-"), first != UInt8(ascii: "+"),
      let amount = ResourceQuantity(text), !amount.isLargest
    else { return nil }
    self.text = text
    self.amount = amount
  }

  /// 1 MiB.
  static let mebibyte = mebibytes(1)

  /// An amount of mebibytes.
  static func mebibytes(_ count: Int) -> Quantity { known("\(count)Mi") }
  /// An amount of gibibytes.
  static func gibibytes(_ count: Int) -> Quantity { known("\(count)Gi") }

  private static func known(_ text: String) -> Quantity {
    guard let quantity = Quantity(text) else { preconditionFailure("\(text) is an amount") }
    return quantity
  }

  /// Whether there is nothing of it.
  var isZero: Bool { amount.isZero }
  /// The amount in whole units, as many as fit an `Int`.
  var units: Int { amount.units }
  /// The amount in thousandths, as many as fit an `Int`.
  var thousandths: Int { amount.thousandths }

  /// Orders by the amount.
  public static func < (one: Quantity, other: Quantity) -> Bool { one.amount < other.amount }
  /// Whether the amounts are equal.
  public static func == (one: Quantity, other: Quantity) -> Bool { one.amount == other.amount }
  /// Feeds the amount.
  public func hash(into hasher: inout Hasher) { hasher.combine(amount) }
}
