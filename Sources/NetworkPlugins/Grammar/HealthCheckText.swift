/// The two texts of a load balancer's HTTP health check that have a form of their own.
enum HealthCheckText {
  /// What may stand in a path behind its first slash, besides letters and digits.
  private static let pathMarks = Set(".!$%&'*+/=?^_`{|}~-".utf8)

  /// Checks a path: 1 to 80 characters, the first a slash.
  static func checkURI(_ text: String) throws(GrammarError) {
    guard (1...80).contains(text.utf8.count), text.utf8.first == UInt8(ascii: "/"),
      text.utf8.dropFirst().allSatisfy({ isAlphanumeric($0) || pathMarks.contains($0) })
    else { throw GrammarError("\(quoted(text)) is no path of a health check") }
  }

  /// Checks a host: 1 to 80 lower-case letters, digits, dashes and dots, no dash or dot at an end, no two of one kind in a row.
  static func checkDomain(_ text: String) throws(GrammarError) {
    let units = Array(text.utf8)
    let isMark = { (unit: UInt8?) in unit == UInt8(ascii: "-") || unit == UInt8(ascii: ".") }
    let isLower = { (unit: UInt8) in isAlphanumeric(unit) && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= unit) }
    guard (1...80).contains(units.count), !isMark(units.first), !isMark(units.last),
      units.allSatisfy({ isLower($0) || isMark($0) }),
      zip(units, units.dropFirst()).allSatisfy({ !(isMark($0) && $0 == $1) })
    else { throw GrammarError("\(quoted(text)) is no domain of a health check") }
  }

  private static func isAlphanumeric(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
