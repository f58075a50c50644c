import Kubernetes
import Testing

@Suite("The annotation network-conf")
struct NetworkParameterTests {
  @Test(
    "is written as Go writes it",
    arguments: [
      (nil, "null"), ([], "[]"), ([NetworkParameter("a", "b")], #"[{"name":"a","value":"b"}]"#),
      (
        [NetworkParameter("a", ""), NetworkParameter("", "b"), NetworkParameter("", "")],
        #"[{"name":"a"},{"value":"b"},{}]"#
      ),
      ([NetworkParameter("a", "<b>&\u{2028}\u{2029}")], #"[{"name":"a","value":"\u003cb\u003e\u0026\u2028\u2029"}]"#),
      (
        [NetworkParameter("q", "\"\\/\n\r\t\u{8}\u{C}\u{1}\u{7F}é")],
        "[{\"name\":\"q\",\"value\":\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\u{7F}é\"}]"
      ),
    ] as [([NetworkParameter]?, String)])
  func isWritten(list: [NetworkParameter]?, expected: String) {
    #expect(NetworkParameter.annotation(list) == expected)
    #expect(NetworkParameter.parse(annotation: expected) == list ?? [])
  }
}
