/// Reads base64 (RFC 4648 section 4), which JSON answers carry their patches in.
enum Base64 {
  /// The bytes of a text; nil for anything but whole groups of four with padding at the end only.
  static func decode(_ text: String) -> [UInt8]? {
    let units = Array(text.utf8)
    guard units.count.isMultiple(of: 4) else { return nil }
    let padding = units.suffix(2).count { $0 == UInt8(ascii: "=") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(units.count / 4 * 3)
    var group: UInt32 = 0
    for (position, unit) in units.enumerated() {
      let isPadding = unit == UInt8(ascii: "=") && position >= units.count - padding
      guard let value = isPadding ? 0 : value(unit) else { return nil }
      group = group << 6 | UInt32(value)
      guard position % 4 == 3 else { continue }
      bytes += [UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group)]
    }
    return bytes.dropLast(padding)
  }

  private static func value(_ unit: UInt8) -> UInt8? {
    switch unit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): unit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): unit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
