import JSON

/// Documents that differ for each seed and are the same for the same seed.
struct DocumentGenerator {
  private var random: SeededRandom
  private let nulls: Bool
  private let combining: Bool

  /// - Parameters:
  ///   - nulls: whether there are nulls, which a merge patch cannot set.
  ///   - combining: whether there are combining characters, by which Swift's dictionaries take different names for one.
  init(seed: UInt64, nulls: Bool = true, combining: Bool = true) {
    random = SeededRandom(seed: seed)
    self.nulls = nulls
    self.combining = combining
  }

  /// Some value, at most `depth` containers deep.
  mutating func value(depth: Int = 5) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0: return nulls ? .null : .bool(true)
    case 1: return .bool(.random(using: &random))
    case 2: return .int(.random(in: -1000...1000, using: &random))
    case 3: return .number(number())
    case 4, 5: return .string(text())
    case 6, 7: return .array((0..<count()).map { _ in value(depth: depth - 1) })
    default: return .object(object(depth: depth))
    }
  }

  /// A value that is equal to another in most places.
  mutating func variant(of value: JSONValue) -> JSONValue {
    if Int.random(in: 0..<12, using: &random) == 0 { return self.value(depth: 2) }
    switch value {
    case .array(var elements):
      for place in elements.indices { elements[place] = variant(of: elements[place]) }
      if Bool.random(using: &random) { elements.insert(self.value(depth: 1), at: place(elements.count + 1)) }
      if !elements.isEmpty, Bool.random(using: &random) { elements.remove(at: place(elements.count)) }
      return .array(elements)
    case .object(var object):
      for name in object.names where Int.random(in: 0..<6, using: &random) == 0 { object[name] = nil }
      for member in object.members { object[member.name] = variant(of: member.value) }
      if Bool.random(using: &random) { object[text()] = self.value(depth: 1) }
      return .object(object)
    case .null, .bool, .number, .string: return value
    }
  }

  private mutating func place(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func count() -> Int { Int.random(in: 0..<6, using: &random) }

  private mutating func object(depth: Int) -> JSONObject {
    JSONObject((0..<count()).map { _ in JSONObject.Member(text(), value(depth: depth - 1)) })
  }

  private mutating func number() -> JSONNumber {
    let scale = Double(Int.random(in: -12...12, using: &random))
    return JSONNumber(Double.random(in: -1...1, using: &random) * scale * scale * scale) ?? 0
  }

  /// Text of plain, escaped and multi-byte characters, of lengths on both sides of the eight bytes that a scan takes at once.
  mutating func text() -> String {
    let alphabet: [Unicode.Scalar] = [
      "a", "b", "c", "0", "/", "~", "\"", "\\", "\n", "\u{01}", "\u{7F}", "é", "\u{301}", "€", "\u{2028}", "😀", " ",
      "<",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let scalar = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      text.append(scalar == "\u{301}" && !combining ? "x" : scalar)
    }
    return String(text)
  }
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
