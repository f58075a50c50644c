import Testing

@testable import HotReload

@Suite("A quantity")
struct QuantityTests {
  @Test(
    "is equal to itself in other words",
    arguments: [
      ("1", "1000m"), ("0.5", "500m"), ("1Ki", "1024"), ("1k", "1e3"), ("1.5Gi", "1536Mi"), ("2E3", "2000"),
      ("1u", "1000n"), (".5", "500m"), ("5.", "5"), ("1e-3", "1m"), ("1E", "1000P"), ("0.1n", "1n"),
    ])
  func equal(_ one: String, _ other: String) throws {
    #expect(try #require(Quantity(one)) == #require(Quantity(other)))
  }

  @Test(
    "is refused", arguments: ["", "m", ".", "1.2.3", "-1", "+1", "1 ", "1KI", "1e", "1e99", "1Mi1", "NaN", "٣"])
  func refused(_ text: String) { #expect(Quantity(text) == nil) }

  @Test("is refused when it is too large to count")
  func tooLarge() { #expect(Quantity(String(repeating: "9", count: 30) + "Ei") == nil) }

  @Test("is ordered by its amount")
  func order() throws {
    #expect(try #require(Quantity("999m")) < #require(Quantity("1")))
    #expect(try #require(Quantity("1Mi")).units == 1_048_576)
  }
}
