import JSON
import Kubernetes
import Testing

@Suite("A label selector")
struct LabelSelectorTests {
  @Test(
    "matches as Kubernetes does",
    arguments: [
      ("", true), ("a=1", true), ("a==1", true), ("a=2", false), ("a!=2", true), ("z!=2", true), ("a in (1, 2)", true),
      ("a notin (1,2)", false), ("z notin (1)", true), ("a", true), ("!a", false), ("!z", true), ("a=1,b=", true),
      ("a=1,b=x", false),
    ])
  func matches(_ query: String, _ expected: Bool) throws {
    let labels = StringMap(try JSONDocument(#"{"a":"1","b":""}"#).root)
    #expect(try LabelSelector(query: query).matches(labels) == expected)
  }

  @Test("refuses what is no condition", arguments: ["a b", "a in 1", "=1", "a near (1)"])
  func refuses(_ query: String) {
    #expect(throws: LabelSelector.Problem.self) { try LabelSelector(query: query) }
  }

  @Test("reads the structured form")
  func reads() throws {
    let text = #"{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"c","operator":"Exists"}]}"#
    let selector = try LabelSelector(try JSONDocument(text).root)
    #expect(selector.requirements == [.isIn(key: "a", values: ["1"]), .exists(key: "c")])
  }
}
