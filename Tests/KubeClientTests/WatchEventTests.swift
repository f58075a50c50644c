import JSON
import Kubernetes
import Testing

@testable import KubeClient

@Suite struct WatchEventTests {
  private func read(_ text: String) -> WatchEvent {
    WatchEvent(.text(Array(text.utf8)), ObjectTrim(.configMaps))
  }

  @Test("reads objects, deletions, bookmarks and errors")
  func reads() {
    let object = #""object":{"kind":"ConfigMap","metadata":{"name":"one","namespace":"n","resourceVersion":"7"}}"#
    for type in ["ADDED", "MODIFIED"] {
      guard case .set(let object) = read(#"{"type":"\#(type)",\#(object)}"#) else {
        Issue.record("\(type) is no object")
        continue
      }
      #expect(object.key == NamespacedName("n", "one"))
      #expect(object.apiVersion == "v1")
    }
    guard case .deleted = read(#"{"type":"DELETED",\#(object)}"#) else {
      Issue.record("not deleted")
      return
    }
    let bookmark = read(#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}}"#)
    #expect(bookmark.version == "12")
    guard case .error(let error) = read(#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}"#)
    else {
      Issue.record("no error")
      return
    }
    #expect(error.isExpired)
  }

  @Test(
    "says what cannot be used and goes on",
    arguments: [
      "", "{", "[]", "{\"type\":\"ADDED\"}", #"{"type":"ADDED","object":{}}"#,
      #"{"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}}"#,
      #"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#,
      #"{"type":"NEW","object":{"metadata":{"name":"a","resourceVersion":"1"}}}"#,
    ])
  func skips(text: String) {
    guard case .undecodable = read(text) else {
      Issue.record("\(text) was used")
      return
    }
  }
}
