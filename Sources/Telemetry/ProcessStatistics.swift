/// What `/proc/self/stat` tells of this process, in the kernel's own units.
///
/// Layout: proc(5), `/proc/[pid]/stat`.
struct ProcessStatistics: Equatable {
  var userTicks: UInt64
  var systemTicks: UInt64
  var threads: UInt64
  /// Ticks between the start of the machine and the start of the process.
  var startTicks: UInt64
  var virtualBytes: UInt64
  var residentPages: UInt64

  /// Reads the one line of the file, or nothing when it is not of that form.
  ///
  /// The second field is the command in parentheses and may itself hold blanks and parentheses,
  /// so the numbered fields are counted from the last closing one.
  init?(statLine: String) {
    guard let close = statLine.lastIndex(of: ")") else { return nil }
    let fields = statLine[statLine.index(after: close)...].split(whereSeparator: \.isWhitespace)
    // Field 3, the state, is now at index 0.
    func field(_ number: Int) -> UInt64? {
      fields.indices.contains(number - 3) ? UInt64(fields[number - 3]) : nil
    }
    guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
      let virtual = field(23), let resident = field(24)
    else { return nil }
    userTicks = user
    systemTicks = system
    self.threads = threads
    startTicks = start
    virtualBytes = virtual
    residentPages = resident
  }

  /// The second since 1970 at which the machine started: the `btime` line of `/proc/stat`.
  static func bootTime(inStat text: String) -> UInt64? {
    for line in text.split(separator: "\n") where line.hasPrefix("btime ") {
      return UInt64(line.dropFirst("btime ".count))
    }
    return nil
  }
}
