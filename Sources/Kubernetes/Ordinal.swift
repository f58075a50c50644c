/// The number at the end of the name of a game server.
public enum Ordinal {
  /// The integer behind the last dash of a name; 0 where it is not a number.
  public static func of(_ name: String) -> Int { parse(name) ?? 0 }

  /// The integer behind the last dash of a name; nil where there is no dash, no number or one past the 32 bits of a set's size.
  public static func parse(_ name: String) -> Int? {
    guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let digits = name.utf8[name.utf8.index(after: dash)...]
    guard !digits.isEmpty, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
    return Int32(String(Substring(digits))).map(Int.init)
  }
}
