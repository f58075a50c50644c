public import Telemetry

extension WallTime {
  /// The form of Kubernetes' `Time`: whole seconds.
  public var kubernetesTime: String { String(rfc3339.prefix(19)) + "Z" }

  /// The form of Kubernetes' `MicroTime`: exactly six digits of fraction, because Go's parser counts them.
  public var kubernetesMicroTime: String { String(rfc3339.prefix(26)) + "Z" }

  /// Reads the seconds of an RFC 3339 time, with any fraction and offset; nil for any other text.
  public init?(rfc3339 text: String) {
    let digits = Digits(Array(text.utf8))
    guard let year = digits.number(0..<4), let month = digits.number(5..<7), let day = digits.number(8..<10),
      let hour = digits.number(11..<13), let minute = digits.number(14..<16), let second = digits.number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
      let offset = digits.offset(from: digits.endOfFraction)
    else { return nil }
    let days = Self.days(year, month, day)
    self.init(seconds: Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - offset))
  }

  /// Days from 1970-01-01 to a Gregorian date.
  ///
  /// Years begin on the first of March, so that the leap day is a year's last; 719,468 days lie between 0000-03-01 and 1970-01-01.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }

  private struct Digits {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number that stands in a range; nil where there is anything but digits.
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }

    /// Where the fraction of the second ends, or would begin.
    var endOfFraction: Int {
      guard bytes.count > 19, bytes[19] == UInt8(ascii: ".") else { return 19 }
      return bytes[20...].firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? bytes.count
    }

    /// The seconds of the offset that stands at the end of the text; nil where there is none.
    func offset(from place: Int) -> Int? {
      guard place < bytes.count else { return nil }
      switch bytes[place] {
      case UInt8(ascii: "Z"), UInt8(ascii: "z"): return place + 1 == bytes.count ? 0 : nil
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        guard bytes.count == place + 6, let hours = number(place + 1..<place + 3),
          let minutes = number(place + 4..<place + 6)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (bytes[place] == UInt8(ascii: "-") ? -1 : 1)
      default: return nil
      }
    }
  }
}
