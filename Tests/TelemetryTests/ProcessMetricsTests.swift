import Testing

@testable import Telemetry

@Suite struct ProcessMetricsTests {
  static let tail = "S 4 5 6 7 8 9 10 11 12 13 120 30 16 17 18 19 7 21 5000 4096000 250 18446744073709551615"

  @Test(
    "reads the numbered fields after a command of any form",
    arguments: ["(gatehouse)", "(a b)", "(a) S 9 (b)", "(\n)"])
  func statLine(_ command: String) throws {
    let statistics = try #require(ProcessStatistics(statLine: "42 \(command) \(Self.tail)\n"))
    #expect(statistics.userTicks == 120)
    #expect(statistics.systemTicks == 30)
    #expect(statistics.threads == 7)
    #expect(statistics.startTicks == 5000)
    #expect(statistics.virtualBytes == 4_096_000)
    #expect(statistics.residentPages == 250)
  }

  @Test("gives nothing for a line of another form", arguments: ["", "42", "42 (a) S 1 2", "42 (a) S x x x x x x x x"])
  func badStatLine(_ line: String) {
    #expect(ProcessStatistics(statLine: line) == nil)
  }

  @Test("finds the start of the machine among other lines")
  func bootTime() {
    #expect(ProcessStatistics.bootTime(inStat: "cpu 1 2\nbtime 1700000000\nprocesses 9\n") == 1_700_000_000)
    #expect(ProcessStatistics.bootTime(inStat: "cpu 1 2\n") == nil)
  }

  @Test(
    "exports a number above zero",
    arguments: [
      "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_threads", "process_open_fds",
      "process_max_fds", "process_start_time_seconds",
    ])
  func exported(_ name: String) throws {
    let registry = MetricRegistry()
    ProcessMetrics.register(in: registry)
    let lines = String(decoding: registry.prometheusText(), as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("\(name) ") })
    let number = try #require(Double(line.dropFirst(name.count + 1)))
    #expect(number > 0)
  }

  @Test("the start lies in the past and after the machine's")
  func startTime() throws {
    let registry = MetricRegistry()
    ProcessMetrics.register(in: registry)
    let family = try #require(registry.collect().families["process_start_time_seconds"])
    guard case .number(let start) = family.samples[.none] else {
      Issue.record("no start time")
      return
    }
    #expect(start <= Double(WallTime.now().seconds) + 1)
    #expect(start >= Double(try #require(ProcFile.text(at: "/proc/stat").flatMap(ProcessStatistics.bootTime))))
  }
}
