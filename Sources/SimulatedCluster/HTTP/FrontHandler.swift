import HTTPServer
import JSON
import Kubernetes

/// Answers one request of the API.
struct FrontHandler: Sendable {
  let server: SimulatedAPIServer
  let hub: WatchHub

  func serve(_ request: FrontRequest, _ handle: ResponseHandle) async {
    do throws(KubernetesError) {
      switch APITarget(request.path) {
      case .resource(let path): try await serve(path, request, handle)
      case .health: handle.respond(.text("ok"))
      case .openAPI: handle.respond(openAPI(request))
      case .version: handle.respond(FrontAnswer(Discovery.version).response())
      case .coreVersions: handle.respond(FrontAnswer(Discovery.coreVersions).response())
      case .groups: handle.respond(FrontAnswer(discovery.groups).response())
      case .group(let name): handle.respond(try known(group(name)))
      case .groupVersion(let group, let version):
        handle.respond(try known(discovery.resources(group: group, version: version)))
      case .unknown: throw Self.noPath
      }
    } catch {
      handle.respond(FrontAnswer(error).response(retryAfter: error.retryAfter))
    }
  }

  static let noPath = KubernetesError(
    .notFound, status: 404, message: "the server could not find the requested resource")

  private var discovery: Discovery { Discovery(definitions: server.definitions) }

  private func known(_ value: JSONValue?) throws(KubernetesError) -> Response {
    guard let value else { throw Self.noPath }
    return FrontAnswer(value).response()
  }

  private func group(_ name: String) -> JSONValue? {
    guard let entry = discovery.group(name)?.object else { return nil }
    return .object(
      JSONObject(
        [JSONObject.Member("kind", "APIGroup"), JSONObject.Member("apiVersion", "v1")] + entry.members))
  }

  private func openAPI(_ request: FrontRequest) -> Response {
    let document = OpenAPIDocument(definitions: server.definitions)
    guard request.accept.contains("proto-openapi") else { return FrontAnswer(document.json).response() }
    return Response(
      .ok, contentType: "application/octet-stream", body: document.protobuf)
  }

  private func serve(
    _ path: ResourcePath, _ request: FrontRequest, _ handle: ResponseHandle
  ) async throws(KubernetesError) {
    if request.method == .post, AccessReviews.groups.contains(path.group) {
      guard let review = AccessReviews.answer(path, try request.json(), user: request.user, server) else {
        throw Self.noPath
      }
      return handle.respond(FrontAnswer(review, status: 201).response())
    }
    let call = try ResourceCall(request, path, server)
    try await server.hold(call.verb, call.definition.resource, call.key, subresource: path.subresource ?? "")
    if call.verb == "watch" { return try call.watch(hub, handle) }
    handle.respond(try await call.answer().response())
  }
}
