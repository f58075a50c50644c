import HTTPServer
import JSON
import Kubernetes

extension ResourceCall {
  /// One object, or a subresource of it.
  func get() throws(KubernetesError) -> FrontAnswer {
    if path.subresource == "scale" { return FrontAnswer(try server.scale(resource, key)) }
    try checkVersion()
    return FrontAnswer(body: output.object(try server.get(resource, key)))
  }

  /// A page of the collection.
  func list() throws(KubernetesError) -> FrontAnswer {
    var wanted = ListRequest()
    wanted.limit = max(0, try request.number("limit") ?? 0)
    let selection = try selection()
    if let token = request.query["continue"], !token.isEmpty {
      guard version.isEmpty || version == "0" else {
        throw APIFailure.badRequest("specifying resource version is not allowed when using continue")
      }
      let token = try ContinueToken(token)
      wanted.age = .exactly(token.version)
      wanted.start = token.start
    } else {
      wanted.age = try age(isPaged: wanted.limit > 0)
    }
    let page = try server.list(resource, selection, wanted)
    let next = page.next.map { ContinueToken(version: page.version, start: $0).text }
    let isSelective = !selection.labels.requirements.isEmpty || !selection.fields.isEmpty
    return FrontAnswer(
      body: output.list(
        page.objects, version: page.version, next: next,
        // With selectors the real server does not know how many follow.
        remaining: next == nil || isSelective ? nil : page.remaining))
  }

  /// Answers the head of a watch and hands the rest to the hub.
  func watch(_ hub: WatchHub, _ handle: ResponseHandle) throws(KubernetesError) {
    let selection = try selection()
    let seconds = try request.number("timeoutSeconds") ?? Int.random(in: 1800...3600)
    var position = try number(version) ?? 0
    var initial: [KubernetesObject] = []
    if position == 0 {
      // Without a version a watch begins with everything there is.
      let page = try server.list(resource, selection)
      (initial, position) = (page.objects, page.version)
    }
    let schedule = WatchStream.Schedule(
      now: .now, duration: .seconds(max(0, seconds)), hasBookmarks: request.flag("allowWatchBookmarks"))
    let stream = WatchStream(
      server, selection, output, handle, initial: initial, position: position, schedule: schedule)
    guard handle.start(Response(.ok, contentType: "application/json")) else { return }
    hub.add(stream, handle)
  }

  private var version: String { request.query["resourceVersion"] ?? "" }

  private func number(_ version: String) throws(KubernetesError) -> Int? {
    guard !version.isEmpty else { return nil }
    guard let number = Int(version), number >= 0 else {
      throw KubernetesError(
        .badRequest, status: 400, message: "resourceVersion: Invalid value: \"\(version)\": invalid resource version")
    }
    return number
  }

  /// How old a list may be (Kubernetes, "The resourceVersion parameter").
  private func age(isPaged: Bool) throws(KubernetesError) -> ListRequest.Age {
    let number = try number(version)
    switch (request.query["resourceVersionMatch"], number) {
    case (nil, nil), (nil, 0), ("", nil), ("", 0): return .any
    case (nil, let number?), ("", let number?): return isPaged ? .exactly(number) : .notOlderThan(number)
    case ("NotOlderThan", let number?): return .notOlderThan(number)
    case ("Exact", let number?) where number > 0: return .exactly(number)
    case ("Exact", 0):
      throw invalidMatch("Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"")
    case (_, nil): throw invalidMatch("Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")
    case (let match?, _):
      throw invalidMatch("Unsupported value: \"\(match)\": supported values: \"Exact\", \"NotOlderThan\", \"\"")
    case (nil, _): return .any
    }
  }

  private func invalidMatch(_ problem: String) -> KubernetesError {
    KubernetesError(
      .invalid, status: 422, message: "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: \(problem)")
  }

  private func checkVersion() throws(KubernetesError) {
    let current = server.currentVersion
    guard let number = try number(version), number > current else { return }
    throw APIFailure.tooLarge(number, current: current)
  }
}
