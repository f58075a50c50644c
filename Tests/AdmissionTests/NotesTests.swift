import Admission
import JSON
import Testing

@Suite("Notes of a review")
struct NotesTests {
  private func context() -> ReviewContext { ReviewContext(deadline: .now + .seconds(8)) }

  @Test("cut a long warning where a reader sees no break")
  func cutsWarnings() {
    var context = context()
    context.warn(String(repeating: "a", count: 120))
    context.warn(String(repeating: "b", count: 121))
    // A family of seven scalars that is one character: 17 of them fit in 119 scalars with room for the ellipsis.
    context.warn(String(repeating: "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}", count: 40))
    context.warn("two\nlines\u{7}")
    let warnings = context.warnings
    #expect(warnings[0] == String(repeating: "a", count: 120))
    #expect(warnings[1] == String(repeating: "b", count: 119) + "…")
    #expect(warnings[2].unicodeScalars.count == 17 * 7 + 1)
    #expect(warnings[3] == "two lines ")
  }

  @Test("keep the most important warnings where there is no room for all")
  func keepsImportant() {
    var context = context()
    for index in 0..<50 { context.warn("\(index) " + String(repeating: "n", count: 110)) }
    context.warn("low", .low)
    context.warn("high", .high)
    let warnings = context.warnings
    #expect(warnings.first == "high")
    #expect(!warnings.contains("low"))
    #expect(warnings.map(\.unicodeScalars.count).reduce(0, +) <= 4_096)
    #expect(warnings.count > 35)
  }

  @Test("say one thing once")
  func saysOnce() {
    var context = context()
    context.warn("a")
    context.warn("a", .high)
    #expect(context.warnings == ["a"])
  }

  @Test("reach the answer")
  func reachAnswer() throws {
    let answered = try Answered(
      review().bytes,
      ScriptedReviewer { _, context in
        context.warn("w\"1")
        context.audit("network-plugin", "Kubernetes-HostPort")
        return .allowed()
      })
    #expect(answered.response["warnings"] == ["w\"1"])
    #expect(answered.response["auditAnnotations"] == ["network-plugin": "Kubernetes-HostPort"])
  }

  @Test("accept only keys that the API server can prefix", arguments: ["a/b", "", "-a", "a-", "a b", "ä"])
  func checksKeys(key: String) {
    #expect(AuditKey(key) == nil)
  }

  @Test("accept the name part of a qualified name", arguments: ["a", "host-ports", "A.b_c-9"])
  func acceptsKeys(key: String) {
    #expect(AuditKey(key)?.description == key)
  }
}
