import Foundation
import JSON
import TestSupport
import Testing

@testable import HotReload

@Suite("The agent's memory", .serialized)
struct AgentMemoryTests {
  /// Reads a line of `/proc/PID/status` that counts kilobytes.
  private func kilobytes(_ name: String, of process: ChildProcess) throws -> Int {
    let status = try #require(text("/proc/\(process.identifier)/status"))
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
    return try #require(Int(line.filter(\.isNumber)))
  }

  @Test("stays below 4 MiB of its own, however large the assets are and however often they change")
  func bounded() throws {
    // 8 MiB are for everything; the program itself, whose pages the kernel can drop, takes the rest of them.
    let folder = try TemporaryDirectory()
    let agent = try RunningAgent(folder.path, ["--notify", "exec:/bin/true"])
    let large = String(repeating: "x", count: 24 << 20)
    for generation in 1...20 {
      try agent.source.show(["generation": "\(generation)", "large": generation.isMultiple(of: 10) ? large : "-"])
      try agent.waitForContent("generation", "\(generation)")
    }
    try agent.waitForStatus { $0["outcome"] == "current" }
    #expect(try kilobytes("RssAnon", of: agent.process) < 4096)
  }
}
