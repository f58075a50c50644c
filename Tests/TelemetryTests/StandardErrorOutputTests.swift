import Telemetry
import Testing

@Suite struct StandardErrorOutputTests {
  @Test("writes the line to standard error as it is")
  func writes() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      StandardErrorOutput().write(Array("{\"msg\":\"grün\"}\n".utf8))
    }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("{\"msg\":\"grün\"}\n"))
  }
}
