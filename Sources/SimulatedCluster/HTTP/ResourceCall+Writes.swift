import HTTPServer
import JSON
import Kubernetes

extension ResourceCall {
  /// Creates an object in the collection.
  func create() async throws(KubernetesError) -> FrontAnswer {
    let options = try writeOptions("CreateOptions")
    let made = try await server.create(resource, namespace: namespace, try body(), options)
    return answer(made, options, status: 201)
  }

  /// Posts to a subresource of a pod.
  func createSubresource() async throws(KubernetesError) -> FrontAnswer {
    let options = try writeOptions("CreateOptions")
    let value = try request.json()
    switch path.subresource {
    case "eviction": try await server.evict(key, value, options)
    case "binding": try await server.bind(key, value, options)
    default:
      throw KubernetesError(
        .methodNotAllowed, status: 405, message: "the server does not allow this method on the requested resource")
    }
    return noted(FrontAnswer(StatusBody.success(), status: 201), options)
  }

  /// Replaces an object or a subresource of it.
  func update() async throws(KubernetesError) -> FrontAnswer {
    let options = try writeOptions("UpdateOptions")
    let value = try body()
    let name = value["metadata"]?["name"]?.string ?? ""
    guard name.isEmpty || name == key.name else {
      throw APIFailure.badRequest(
        "the name of the object (\(name)) does not match the name on the URL (\(key.name))")
    }
    if path.subresource == "scale" { return try await scale(.replace(value), options) }
    return answer(
      try await server.write(resource, key, subresource: path.subresource, .replace(value), options), options)
  }

  /// Changes an object or a subresource of it.
  func patch() async throws(KubernetesError) -> FrontAnswer {
    var options = try writeOptions("PatchOptions")
    let patch = try objectPatch()
    if case .apply(_, let manager, _) = patch { options.fieldManager = manager }
    if path.subresource == "scale" { return try await scale(.patch(patch), options) }
    var isNew = false
    if case .apply = patch { isNew = (try? server.get(resource, key)) == nil }
    let written = try await server.write(resource, key, subresource: path.subresource, .patch(patch), options)
    return answer(written, options, status: isNew ? 201 : 200)
  }

  /// Deletes an object.
  func delete() async throws(KubernetesError) -> FrontAnswer {
    let (deletion, options) = try deletion()
    let deleted = try await server.delete(resource, key, deletion, options)
    // Pods, claims and service accounts are answered as they were last; of other kinds it is only said that they are gone.
    let isShown: Bool = [.pods, .persistentVolumeClaims, .persistentVolumes, .serviceAccounts].contains(resource)
    guard deleted.isGone, !isShown else { return answer(deleted.object, options) }
    let status = StatusBody.success(resource, name: key.name, uid: deleted.object.metadata.uid)
    return noted(FrontAnswer(status), options)
  }

  /// Deletes every object of the selection and answers them.
  func deleteCollection() async throws(KubernetesError) -> FrontAnswer {
    let (deletion, options) = try deletion()
    let page = try server.list(resource, try selection())
    for object in page.objects {
      do throws(KubernetesError) {
        try await server.delete(resource, object.key, deletion, options)
      } catch  where error.code == .notFound {
        continue
      }
    }
    return noted(FrontAnswer(body: output.list(page.objects, version: page.version)), options)
  }

  private func scale(_ change: WriteChange, _ options: WriteOptions) async throws(KubernetesError) -> FrontAnswer {
    noted(FrontAnswer(try await server.setScale(resource, key, change, options)), options)
  }

  private func answer(_ object: KubernetesObject, _ options: WriteOptions, status: Int = 200) -> FrontAnswer {
    var answer = FrontAnswer(body: output.object(object))
    answer.status = status
    return noted(answer, options)
  }

  private func noted(_ answer: FrontAnswer, _ options: WriteOptions) -> FrontAnswer {
    var answer = answer
    answer.warnings = options.notes.warnings
    return answer
  }

  private func body() throws(KubernetesError) -> JSONValue {
    let type = request.contentType
    guard type.isEmpty || type == "application/json" || type == "*/*" else { throw unsupported(["application/json"]) }
    let value = try request.json()
    guard value.object != nil else { throw APIFailure.badRequest("the object provided is no object") }
    return value
  }

  private func unsupported(_ types: [String]) -> KubernetesError {
    KubernetesError(
      .unsupportedMediaType, status: 415,
      message: "the body of the request was in an unknown format - accepted media types include: "
        + types.joined(separator: ", "))
  }
}

extension ResourceCall {
  /// The options of a write.
  ///
  /// - Throws: `invalid` for a dry run of a stage that does not exist.
  private func writeOptions(_ kind: String, dryRun: String? = nil) throws(KubernetesError) -> WriteOptions {
    let stage = request.query["dryRun"] ?? dryRun ?? ""
    guard stage.isEmpty || stage == "All" else {
      throw invalid(kind, "dryRun: Unsupported value: [\"\(stage)\"]: supported values: \"All\"")
    }
    var options = WriteOptions(isDryRun: stage == "All", user: request.user)
    let manager = request.query["fieldManager"] ?? ""
    options.fieldManager = manager.isEmpty ? (request.agent.isEmpty ? "unknown" : request.agent) : manager
    return options
  }

  private func invalid(_ kind: String, _ problem: String) -> KubernetesError {
    KubernetesError(.invalid, status: 422, message: "\(kind).meta.k8s.io \"\" is invalid: \(problem)")
  }

  private func objectPatch() throws(KubernetesError) -> ObjectPatch {
    let isForced = request.flag("force")
    if isForced, request.contentType != "application/apply-patch+yaml" {
      throw invalid("PatchOptions", "force: Forbidden: may not be specified for non-apply patch")
    }
    switch request.contentType {
    case "application/json-patch+json":
      do {
        return .json(try JSONPatch(try JSONDocument(request.body).root))
      } catch {
        throw APIFailure.badRequest("error decoding patch: \(error)")
      }
    case "application/merge-patch+json": return .merge(try request.json())
    case "application/strategic-merge-patch+json": return .strategicMerge(try request.json())
    case "application/apply-patch+yaml":
      let manager = request.query["fieldManager"] ?? ""
      guard !manager.isEmpty else {
        throw invalid("PatchOptions", "fieldManager: Required value: is required for apply patch")
      }
      return .apply(try request.json(), fieldManager: manager, force: isForced)
    default:
      throw unsupported(
        ["application/json-patch+json", "application/merge-patch+json"]
          + (definition.isCustom ? [] : ["application/strategic-merge-patch+json"]) + ["application/apply-patch+yaml"])
    }
  }

  /// The options of a deletion, which come in the body or in the query.
  private func deletion() throws(KubernetesError) -> (DeleteOptions, WriteOptions) {
    let body = request.body.isEmpty ? JSONValue.null : try request.json()
    var options = DeleteOptions(
      uid: body["preconditions"]?["uid"]?.string, resourceVersion: body["preconditions"]?["resourceVersion"]?.string)
    options.gracePeriodSeconds = try request.number("gracePeriodSeconds") ?? body["gracePeriodSeconds"]?.int
    if let policy = request.query["propagationPolicy"] ?? body["propagationPolicy"]?.string {
      guard let propagation = DeleteOptions.Propagation(rawValue: policy) else {
        throw invalid(
          "DeleteOptions",
          "propagationPolicy: Unsupported value: \"\(policy)\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
        )
      }
      options.propagation = propagation
    } else if request.flag("orphanDependents") || body["orphanDependents"]?.bool == true {
      options.propagation = .orphan
    }
    return (options, try writeOptions("DeleteOptions", dryRun: body["dryRun"]?[0]?.string))
  }
}
