/// Hashes whose values other processes and later versions must find again; Swift's own hash differs in every process.
///
/// The functions are those of Fowler, Noll and Vo; offsets and primes are from draft-eastlake-fnv.
public enum StableHash {
  /// FNV-1 with 32 bits: what configuration hashes in annotations are, as a decimal number.
  public static func fnv1(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0x811c_9dc5) { hash, byte in (hash &* 0x0100_0193) ^ UInt32(byte) }
  }

  /// FNV-1a with 64 bits, which spreads short names with a number at the end better: where the search for host ports starts.
  public static func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  }

  /// The text of a configuration hash: a decimal unsigned number of 32 bits.
  public static func configuration(_ text: String) -> String { String(fnv1(text.utf8)) }
}
