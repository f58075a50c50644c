import TestSupport
import Testing

@testable import HotReload

@Suite("The annotation parsers")
struct AnnotationFuzzTests {
  private static let pieces = [
    "enabled", "disabled", "configmap:", "secret:", "image:", "signal:SIGHUP", "http:POST:", "tcp:", "exec:", "none",
    "8081",
    "/reload", "/srv/assets", "..", "/", ":", ",", "=", "cpu=", "memory=", "5m/50m", "8Mi", "exe=", "cmdline=", "^a.*$",
    "(", "[", "{2,3}", "{", "\\", "$", "\u{0}", "\n", " ", "ä", "🎮", "\u{FF}", "0", "-1", "65536", "SIGRTMIN+", "auto",
    "on-empty", "e9", "Ei", ".",
  ]

  @Test("never crash, and name the annotation in every message", arguments: 0..<8)
  func fuzz(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = HotReloadAnnotation.allCases.filter(\.isInput)
    var accepted = 0
    for _ in 0..<2000 {
      var all = annotations()
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        guard let name = names.randomElement(using: &random) else { continue }
        let length = Int.random(in: 0...4, using: &random)
        all[name.key] = (0..<length).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined()
      }
      let parsed = HotReloadSettings.parse { all[$0] }
      if parsed.settings != nil { accepted += 1 }
      #expect(parsed.settings == nil || !parsed.problems.contains { !$0.isWarning })
      #expect(parsed.problems.allSatisfy { $0.message.hasPrefix(HotReloadAnnotation.prefix) })
    }
    // Both ways are taken, so the pieces fit the grammar.
    #expect((10...1990).contains(accepted))
  }

  @Test("accept what they print", arguments: 0..<4)
  func roundTrip(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let port = UInt16.random(in: 1...65535, using: &random)
      let text = ["tcp:\(port)", "http:PUT:\(port)/p\(port)", "exec:/b/\(port)"].randomElement(using: &random) ?? ""
      let settings = try #require(try HotReloadSettings(annotations: annotations(["notify": text])))
      #expect(settings.notification.description == text)
    }
  }
}
