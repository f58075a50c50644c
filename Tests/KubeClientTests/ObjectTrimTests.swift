import JSON
import Kubernetes
import Testing

@testable import KubeClient

@Suite struct ObjectTrimTests {
  @Test(
    "drops what nobody reads and leaves the rest byte for byte",
    arguments: [
      (
        #"{"a":1,"metadata":{"name":"x","managedFields":[{"b":2}]},"z":1.50}"#,
        #"{"a":1,"metadata":{"name":"x"},"z":1.50}"#
      ),
      (#"{"metadata":{"managedFields":[],"name":"x"}}"#, #"{"metadata":{"name":"x"}}"#),
      (#"{"metadata":{"managedFields":[]}}"#, #"{"metadata":{}}"#),
      (#"{"metadata":{"a":1 , "managedFields" : [ ] } }"#, #"{"metadata":{"a":1 } }"#),
      (
        #"{"metadata":{"a":1,"managedFields":[], "b":2},"status":{"images":[1,2]}}"#,
        #"{"metadata":{"a":1, "b":2},"status":{}}"#
      ),
      (#"{"status":{"images":[1],"managedFields":2,"k":1}}"#, #"{"status":{"managedFields":2,"k":1}}"#),
      ("{}", "{}"),
    ])
  func drops(text: String, expected: String) throws {
    let trim = ObjectTrim(.nodes, dropping: [["status", "images"]])
    let object = try trim.object(try JSONDocument(text).root)
    let prefix = #"{"kind":"Node","apiVersion":"v1""#
    let rest = expected == "{}" ? "}" : ",\(expected.dropFirst())"
    #expect(object.json.text == prefix + rest)
  }

  @Test("names the kind where the object does not")
  func namesKind() throws {
    let list = try JSONDocument(#"{"items":[{"metadata":{"name":"x"}},{"kind":"Pod","apiVersion":"v1"}]}"#).root
    let texts = try list["items"].map { try $0.elements.map { try ObjectTrim(.pods).object($0).json.text } }
    #expect(
      texts == [#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"}}"#, #"{"kind":"Pod","apiVersion":"v1"}"#])
  }

  @Test("refuses what is no object")
  func refuses() throws {
    let view = try JSONDocument("[1]").root
    #expect(throws: JSONError.self) { try ObjectTrim(.pods).object(view) }
  }
}
