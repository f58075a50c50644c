/// A short text that differs where the inputs of an injection differ.
enum Fingerprint {
  /// The fingerprint of settings under an installation's defaults.
  static func of(_ settings: HotReloadSettings, _ defaults: HotReloadDefaults) -> String {
    let image = settings.agentImage == nil ? defaults.agentImage : ""
    let text = "1\n\(settings.canonicalText)\n\(image)\n\(defaults.serverSupportsNativeSidecars)"
    var hash = RunningHash()
    hash.add(text.utf8)
    return hash.text
  }
}

/// FNV-1a of 64 bits over parts that come one after the other: the same on every machine and in every process, which Swift's own hashes are not.
struct RunningHash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// The value as 16 hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
