import JSON
public import Kubernetes

/// One line of a watch.
public enum WatchEvent: Sendable {
  /// The object is there, new or changed.
  case set(KubernetesObject)
  /// The object is gone; this is its last state, with the version of the deletion.
  case deleted(KubernetesObject)
  /// Nothing happened up to this version.
  case bookmark(version: String)
  /// The server ends the watch.
  case error(KubernetesError)
  /// The line, or the object in it, cannot be used; the text says why.
  case undecodable(String)
}

extension WatchEvent {
  /// Reads a line: `{"type": …, "object": {…}}`.
  init(_ line: LineSplitter.Line, _ trim: ObjectTrim) {
    switch line {
    case .tooLong(let length): self = .undecodable("a line of \(length) bytes")
    case .text(let bytes):
      do throws(JSONError) {
        self = try WatchEvent(try JSONDocument(bytes).root, trim)
      } catch {
        self = .undecodable("\(error)")
      }
    }
  }

  private init(_ json: JSONView, _ trim: ObjectTrim) throws(JSONError) {
    guard let object = json["object"], object.isObject else {
      self = .undecodable("an event without an object")
      return
    }
    let type = json["type"]?.string ?? ""
    if type == "ERROR" {
      self = .error(KubernetesError(status: object))
      return
    }
    let metadata = ObjectMetadata(object["metadata"])
    guard !metadata.resourceVersion.isEmpty else {
      self = .undecodable("an object without a resource version")
      return
    }
    switch type {
    case "BOOKMARK": self = .bookmark(version: metadata.resourceVersion)
    case "ADDED", "MODIFIED", "DELETED":
      guard !metadata.name.isEmpty else {
        self = .undecodable("an object without a name")
        return
      }
      let object = try trim.object(object)
      self = type == "DELETED" ? .deleted(object) : .set(object)
    default: self = .undecodable("an event of the unknown type \(type)")
    }
  }

  /// The version that the watch has reached with this event; nil where it stays where it was.
  var version: String? {
    switch self {
    case .set(let object), .deleted(let object): object.metadata.resourceVersion
    case .bookmark(let version): version
    case .error, .undecodable: nil
    }
  }
}
