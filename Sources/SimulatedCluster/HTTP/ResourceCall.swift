import HTTPServer
import JSON
import Kubernetes

/// A request for a collection, an object or a subresource that the server has.
struct ResourceCall: Sendable {
  let request: FrontRequest
  let path: ResourcePath
  let definition: ResourceDefinition
  let server: SimulatedAPIServer
  let form: OutputForm

  var resource: Resource { definition.resource }
  var namespace: String { path.namespace ?? "" }
  var key: NamespacedName { NamespacedName(namespace, path.name ?? "") }

  /// Finds what a path names.
  ///
  /// - Throws: `notFound` where there is no such resource, version or subresource.
  init(_ request: FrontRequest, _ path: ResourcePath, _ server: SimulatedAPIServer) throws(KubernetesError) {
    guard let definition = server.definition(group: path.group, plural: path.plural),
      definition.resource.version == path.version
    else { throw FrontHandler.noPath }
    let isNamespaced = definition.resource.isNamespaced
    guard isNamespaced ? path.name == nil || path.namespace != nil : path.namespace == nil else {
      throw FrontHandler.noPath
    }
    if let subresource = path.subresource, !definition.has(subresource) { throw FrontHandler.noPath }
    self.request = request
    self.path = path
    self.definition = definition
    self.server = server
    form = try OutputForm(accept: request.accept)
  }

  /// What the request does, in the words of authorization and audit.
  var verb: String {
    switch (request.method, path.name) {
    case (.get, nil), (.head, nil): request.flag("watch") ? "watch" : "list"
    case (.get, _), (.head, _): "get"
    case (.post, _): "create"
    case (.put, _): "update"
    case (.patch, _): "patch"
    case (.delete, nil): "deletecollection"
    case (.delete, _): "delete"
    case (.options, _), (.trace, _): ""
    }
  }

  func answer() async throws(KubernetesError) -> FrontAnswer {
    switch verb {
    case "list": try list()
    case "get": try get()
    case "create" where path.subresource == nil && path.name == nil: try await create()
    case "create" where path.subresource != nil: try await createSubresource()
    case "update" where path.name != nil: try await update()
    case "patch" where path.name != nil: try await patch()
    case "delete" where path.subresource == nil: try await delete()
    case "deletecollection": try await deleteCollection()
    default:
      throw KubernetesError(
        .methodNotAllowed, status: 405, message: "the server does not allow this method on the requested resource")
    }
  }

  var output: ObjectOutput {
    ObjectOutput(
      form: form, definition: definition, now: server.clock.now(),
      rowObject: request.query["includeObject"] ?? "Metadata")
  }

  /// The selection of the query.
  ///
  /// - Throws: A bad request for a malformed selector or a field that cannot be selected by.
  func selection() throws(KubernetesError) -> ObjectSelection {
    let fields = request.query["fieldSelector"] ?? ""
    let labels = request.query["labelSelector"] ?? ""
    let selection = try ObjectSelection(namespace: path.namespace, labelSelector: labels, fieldSelector: fields)
    for field in selection.fields {
      let name = field.path.joined(separator: ".")
      guard SelectableFields.has(name, resource) else {
        throw APIFailure.badRequest(
          "Unable to find \"\(resource.apiVersion), Resource=\(resource.plural)\" that match label selector \"\(labels)\", "
            + "field selector \"\(fields)\": field label not supported: \(name)")
      }
    }
    return selection
  }
}

extension ResourceDefinition {
  /// Whether there is a subresource of that name.
  func has(_ subresource: String) -> Bool {
    switch subresource {
    case "status": hasStatus
    case "scale": scale != nil
    case "binding", "eviction": resource == .pods
    case "finalize": resource == .namespaces
    default: false
    }
  }
}

/// The fields beside name and namespace by which the real server selects objects.
enum SelectableFields {
  private static let table: [Resource: Set<String>] = [
    .pods: [
      "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
      "status.phase", "status.podIP", "status.nominatedNodeName",
    ],
    .events: [
      "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
      "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
      "reportingComponent", "source", "type",
    ],
    .namespaces: ["status.phase"], .nodes: ["spec.unschedulable"], .secrets: ["type"],
  ]

  static func has(_ name: String, _ resource: Resource) -> Bool {
    name == "metadata.name" || (name == "metadata.namespace" && resource.isNamespaced)
      || (table[resource]?.contains(name) ?? false)
  }
}
