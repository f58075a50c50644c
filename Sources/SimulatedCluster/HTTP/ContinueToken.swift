import JSON
import Kubernetes

/// Where a paged list goes on: opaque to clients, a version and a key to the server.
struct ContinueToken: Sendable, Equatable {
  let version: Int
  let start: NamespacedName

  init(version: Int, start: NamespacedName) {
    self.version = version
    self.start = start
  }

  /// Reads a token that this server gave.
  ///
  /// - Throws: A bad request for any other text.
  init(_ text: String) throws(KubernetesError) {
    guard let bytes = Base64.decode(text), let json = try? JSONDocument(bytes).root,
      let version = json["rv"]?.int, let namespace = json["namespace"]?.string, let name = json["name"]?.string
    else { throw APIFailure.badRequest("continue key is not valid: \(text)") }
    self.init(version: version, start: NamespacedName(namespace, name))
  }

  var text: String {
    let json: JSONValue = [
      "v": "meta.k8s.io/v1", "rv": .int(version), "namespace": .string(start.namespace), "name": .string(start.name),
    ]
    return Base64.encode(json.bytes)
  }
}
