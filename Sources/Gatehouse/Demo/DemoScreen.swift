/// Where the demonstration shows itself: a log, and on a terminal a table below it that lives.
///
/// The lines of the log stay; the table is wiped before each of them and drawn again behind it.
final class DemoScreen {
  private let isLive: Bool
  private let write: (String) -> Void
  /// The lines of the table that are on the screen.
  private var drawn: [String] = []

  /// A screen.
  ///
  /// - Parameters:
  ///   - isLive: whether the output is a terminal that understands the control sequences of ECMA-48.
  ///   - write: writes a text as it is.
  init(isLive: Bool, write: @escaping (String) -> Void) {
    self.isLive = isLive
    self.write = write
  }

  /// A scenario, or the whole demonstration, begins.
  func heading(_ text: String) { log("\n\(bold("== \(text)"))") }
  /// A step begins.
  func step(_ text: String) { log(" - \(text)") }
  /// What is done.
  func action(_ text: String) { log(dim("   \(text)")) }
  /// What the API server says to it.
  func answer(_ text: String) { log("   \(yellow("refused:")) \(text)") }
  /// Something that stands by itself.
  func line(_ text: String) { log(text) }

  /// What came true after so long in the cluster, and has stayed so.
  func passed(_ expectations: [String], after time: Duration, for steady: Duration) {
    for text in expectations { log("   \(green("ok")) \(text)") }
    let stays = steady > .zero ? ", and stays so for \(Self.seconds(steady))" : ""
    log(dim("   after \(Self.seconds(time))\(stays)"))
  }

  /// What did not come true.
  func failed(_ failure: DemoFailure) {
    log("   \(red("failed")) expected: \(failure.expected)\n          seen: \(failure.seen)")
  }

  /// The table at the end of a step, for those who cannot see it live.
  func table(_ lines: [String]) {
    if !isLive { log(lines.map { "     \($0)" }.joined(separator: "\n")) }
  }

  /// The table as it is now, and what is waited for.
  func live(_ table: [String], waitingFor open: [String]) {
    guard isLive else { return }
    var lines = [""]
    for (place, line) in table.enumerated() { lines.append("   \(place == 0 ? bold(line) : line)") }
    lines += open.map { dim("   .. \($0)") }
    guard lines != drawn else { return }
    wipe()
    draw(lines)
  }

  /// Leaves the log alone on the screen.
  func close() { wipe() }

  /// `3.2 s`.
  static func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
  }

  private func log(_ text: String) {
    let table = drawn
    wipe()
    write(text + "\n")
    if !table.isEmpty { draw(table) }
  }

  /// Lines are cut at the edge while the table is drawn, so that each takes one line and the way back is known.
  private func draw(_ lines: [String]) {
    write("\u{1B}[?7l" + lines.joined(separator: "\n") + "\n\u{1B}[?7h")
    drawn = lines
  }

  private func wipe() {
    guard !drawn.isEmpty else { return }
    write("\u{1B}[\(drawn.count)A\r\u{1B}[J")
    drawn = []
  }

  private func styled(_ text: String, _ code: Int) -> String { isLive ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
  private func bold(_ text: String) -> String { styled(text, 1) }
  private func dim(_ text: String) -> String { styled(text, 2) }
  private func red(_ text: String) -> String { styled(text, 31) }
  private func green(_ text: String) -> String { styled(text, 32) }
  private func yellow(_ text: String) -> String { styled(text, 33) }
}
