/// A text that others resemble, which are then kept as their differences from it.
///
/// Pods of one template differ in names, ids, times and addresses, a sixth of their text. The form is that of LZ77 with the model as its
/// only window: literals and copies in turns, `count literals… length place`, where the counts are LEB128 and the place has two bytes.
final class TextModel: Sendable {
  /// A copy costs up to five bytes, so a shorter one saves nothing.
  private static let shortest = 6
  /// Places have two bytes, of which zero is none.
  private static let limit = Int(UInt16.max) - 1

  private let bytes: [UInt8]
  /// One more than where four bytes of this hash stand last; 0 for none.
  private let places: [UInt16]
  private let shift: UInt32

  init(_ text: Span<UInt8>) {
    let count = min(text.count, Self.limit)
    let bytes = unsafe text.extracting(0..<count).withUnsafeBufferPointer { unsafe Array($0) }
    let bits = UInt32(max(8, Int.bitWidth - count.leadingZeroBitCount))
    let shift = 32 - bits
    var places = [UInt16](repeating: 0, count: 1 << Int(bits))
    unsafe bytes.withUnsafeBytes { bytes in
      for place in 0..<max(0, count - 3) {
        places[Self.hash(unsafe Self.word(bytes, place), shift)] = UInt16(place + 1)
      }
    }
    (self.bytes, self.places, self.shift) = (bytes, places, shift)
  }

  /// The differences of a text from the model.
  func differences(of text: Span<UInt8>) -> [UInt8] {
    unsafe text.withUnsafeBytes { text in
      unsafe bytes.withUnsafeBytes { model in unsafe differences(of: text, model) }
    }
  }

  @unsafe private func differences(of text: UnsafeRawBufferPointer, _ model: UnsafeRawBufferPointer) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4)
    // Where the literals begin that are not written yet, and how far the model is ahead of the text there.
    var (literals, place, ahead) = (0, 0, 0)
    while place + 4 <= text.count {
      guard let start = unsafe candidate(text, place, model, ahead) else {
        place += 1
        continue
      }
      let length = unsafe Self.common(text, place, model, start)
      guard length >= Self.shortest else {
        place += 1
        continue
      }
      unsafe Self.append(UnsafeRawBufferPointer(rebasing: text[literals..<place]), to: &output)
      Self.append(length, to: &output)
      output.append(UInt8(truncatingIfNeeded: start))
      output.append(UInt8(truncatingIfNeeded: start >> 8))
      place += length
      literals = place
      ahead = start + length - place
    }
    unsafe Self.append(UnsafeRawBufferPointer(rebasing: text[literals...]), to: &output)
    return output
  }

  /// Where in the model the next four bytes of the text stand: where the last copy would go on, or else by their hash.
  @unsafe private func candidate(
    _ text: UnsafeRawBufferPointer, _ place: Int, _ model: UnsafeRawBufferPointer, _ ahead: Int
  ) -> Int? {
    let word = unsafe Self.word(text, place)
    let expected = place + ahead
    if expected >= 0, expected + 4 <= model.count, unsafe Self.word(model, expected) == word { return expected }
    let known = Int(places[Self.hash(word, shift)]) - 1
    guard known >= 0, unsafe Self.word(model, known) == word else { return nil }
    return known
  }

  /// The text of which these are the differences.
  ///
  /// - Parameter count: the length of the text.
  func text(_ differences: Span<UInt8>, count: Int) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { model in
      unsafe differences.withUnsafeBytes { differences in
        unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
          unsafe Self.restore(differences, model, UnsafeMutableRawBufferPointer(output), &filled)
        }
      }
    }
  }

  @unsafe private static func restore(
    _ differences: UnsafeRawBufferPointer, _ model: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer,
    _ filled: inout Int
  ) {
    func copy(_ source: UnsafeRawBufferPointer, _ start: Int, _ count: Int) {
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: output[filled..<filled + count])
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<start + count]))
      filled += count
    }
    var place = 0
    while place < differences.count {
      let literals = unsafe number(differences, &place)
      unsafe copy(differences, place, literals)
      place += literals
      guard place < differences.count else { return }
      let length = unsafe number(differences, &place)
      let start = unsafe Int(differences[place]) | Int(differences[place + 1]) << 8
      place += 2
      unsafe copy(model, start, length)
    }
  }
}

extension TextModel {
  @inline(__always) private static func hash(_ word: UInt32, _ shift: UInt32) -> Int {
    // Knuth's multiplicative hash: the golden ratio in 32 bits.
    Int((word &* 2_654_435_769) >> shift)
  }

  @unsafe @inline(__always) private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
  }

  /// How many bytes are the same from two places on.
  @unsafe private static func common(
    _ one: UnsafeRawBufferPointer, _ first: Int, _ other: UnsafeRawBufferPointer, _ second: Int
  ) -> Int {
    let limit = min(one.count - first, other.count - second)
    var length = 0
    while length + 8 <= limit {
      let left = unsafe one.loadUnaligned(fromByteOffset: first + length, as: UInt64.self)
      let right = unsafe other.loadUnaligned(fromByteOffset: second + length, as: UInt64.self)
      guard left == right else { return length + UInt64(littleEndian: left ^ right).trailingZeroBitCount / 8 }
      length += 8
    }
    while length < limit, unsafe one[first + length] == other[second + length] { length += 1 }
    return length
  }

  @unsafe private static func append(_ literals: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    append(literals.count, to: &output)
    unsafe output.append(contentsOf: literals)
  }

  private static func append(_ number: Int, to output: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(rest))
  }

  @unsafe private static func number(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Int {
    var (number, shift) = (0, 0)
    while true {
      let byte = unsafe bytes[place]
      place += 1
      number |= Int(byte & 0x7F) << shift
      guard byte >= 0x80 else { return number }
      shift += 7
    }
  }
}
