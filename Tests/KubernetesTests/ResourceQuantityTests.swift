import Kubernetes
import Testing

@Suite("A quantity")
struct ResourceQuantityTests {
  @Test(
    "is equal however it is written",
    arguments: [
      ("1", "1000m"), ("0.5", "500m"), (".5", "500m"), ("5.", "5"), ("1k", "1000"), ("1e3", "1k"), ("1E3", "1000"),
      ("1Ki", "1024"), ("1.5Gi", "1536Mi"), ("2Ei", "2048Pi"), ("1E", "1000P"), ("100n", "0.1u"), ("+1", "1"),
      ("0", "0Gi"), ("-1", "-1000m"), ("1e-3", "1m"), ("0001", "1"), ("0.0000000001", "1n"), ("1.0000000001n", "2n"),
      ("99999999999999999999", "9223372036854775807"), ("1e2147483647", "9223372036854775807"), ("12e0", "12"),
      ("123456789123456789Ki", "126419752062419751936"), ("1e-2147483648", "1n"),
    ])
  func areEqual(one: String, other: String) throws {
    #expect(try #require(ResourceQuantity(one)) == #require(ResourceQuantity(other)))
  }

  @Test("is ordered by amount", arguments: [("1", "1001m"), ("999M", "1G"), ("1G", "1Gi"), ("-2", "1"), ("0", "1n")])
  func isOrdered(less: String, more: String) throws {
    #expect(try #require(ResourceQuantity(less)) < #require(ResourceQuantity(more)))
  }

  @Test(
    "is refused where Kubernetes refuses it",
    arguments: [
      "", " ", "1 ", " 1", "abc", "1K", "1KI", "1mi", "1e", "1e1.5", "1.2.3", ".", "-", "1-", "--1", "0x10", "1,5",
      "Ki",
      "1ee3", "1i", "1e99999999999",
    ])
  func isRefused(text: String) {
    #expect(ResourceQuantity(text) == nil)
  }

  @Test("knows its sign")
  func knowsSign() {
    #expect(ResourceQuantity("-1")?.isNegative == true)
    #expect(ResourceQuantity("-0")?.isNegative == false)
    #expect(ResourceQuantity("0.0")?.isZero == true)
  }

  @Test("is refused when its text is longer than any amount, which would take long to read")
  func longTexts() {
    #expect(ResourceQuantity("0." + String(repeating: "0", count: 200) + "1") != nil)
    #expect(ResourceQuantity("0." + String(repeating: "0", count: 300) + "1") == nil)
  }
}
