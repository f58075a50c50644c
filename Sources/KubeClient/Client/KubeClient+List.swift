public import JSON
public import Kubernetes

/// One page of a list.
public struct ObjectPage: Sendable {
  /// Objects per page where nothing else is said.
  ///
  /// As in Kubernetes' own clients: 500 pods of 12 KiB are 6 MiB, which the server encodes in some ten milliseconds.
  public static let defaultLimit = 500

  /// The objects as they stand in the page, which they keep in memory; built-in kinds have no `kind` and `apiVersion` here.
  public let items: [JSONView]
  /// The version of the whole list.
  public let resourceVersion: String
  /// What to ask the next page with; nil behind the last.
  public let continuation: String?
  /// How many objects follow behind this page, where the server knows.
  public let remaining: Int?

  /// Reads a list object.
  ///
  /// - Throws: ``KubernetesError`` `.malformedAnswer` for anything else.
  init(_ body: [UInt8]) throws(KubernetesError) {
    let json: JSONView
    do {
      json = try JSONDocument(body).root
    } catch {
      throw KubernetesError(.malformedAnswer, message: "the list is not JSON: \(error)")
    }
    // Go writes an empty list of some kinds as null.
    guard let items = json["items"], items.isArray || items.isNull else {
      throw KubernetesError(.malformedAnswer, message: "the answer is not a list")
    }
    let metadata = json["metadata"]
    self.items = Array(items.elements)
    resourceVersion = metadata?["resourceVersion"]?.string ?? ""
    continuation = metadata?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    remaining = metadata?["remainingItemCount"]?.int
  }
}

extension KubeClient {
  /// One page of a list; a limit of nil asks for all objects at once.
  public func page(
    _ resource: Resource, _ selection: ObjectSelection = ObjectSelection(), version: ListVersion = .newest,
    limit: Int? = ObjectPage.defaultLimit, continuation: String? = nil
  ) async throws(KubernetesError) -> ObjectPage {
    var request = APIRequest(.list, resource, namespace: selection.namespace)
    request.query.set(labelSelector: selection.labels, fieldSelector: selection.fields)
    request.query.set("limit", limit.map(String.init))
    request.query.set("continue", continuation)
    // The token of a page says the version already, and the server refuses both.
    if continuation == nil { request.query.set(version) }
    return try ObjectPage(try await send(request))
  }

  /// All objects of a resource, or those of a namespace, that match the selectors, read page by page.
  ///
  /// Each object is a document of its own, with its `kind`, and keeps nothing else in memory.
  public func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject] {
    let selection = ObjectSelection(namespace: namespace, labels: labelSelector, fields: fieldSelector)
    let trim = ObjectTrim(resource)
    var objects: [KubernetesObject] = []
    var continuation: String?
    // Ends with the last page: the server's tokens walk through its keys in order.
    repeat {
      let page = try await page(resource, selection, continuation: continuation)
      for item in page.items {
        do {
          objects.append(try trim.object(item))
        } catch {
          throw KubernetesError(.malformedAnswer, message: "an object of the list is malformed: \(error)")
        }
      }
      continuation = page.continuation
    } while continuation != nil
    return objects
  }
}

extension URLQuery {
  fileprivate mutating func set(_ version: ListVersion) {
    switch version {
    case .newest: break
    case .any: set("resourceVersion", "0")
    case .notOlderThan(let version):
      set("resourceVersion", version)
      set("resourceVersionMatch", "NotOlderThan")
    case .exactly(let version):
      set("resourceVersion", version)
      set("resourceVersionMatch", "Exact")
    }
  }
}
