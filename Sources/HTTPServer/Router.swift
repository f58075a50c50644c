/// What a route says about the bodies of its requests.
public enum BodyRule: Sendable {
  /// Any body or none.
  case any
  /// A body of one of these media types: without a length it is 411, of another type or encoded 415.
  case required([String])
}

/// What answers the requests of a route.
public enum RouteHandler: Sendable {
  /// A plain call on the loop's thread that returns the answer; it must not block.
  case plain(@Sendable (_ head: RequestHead, _ body: Span<UInt8>) -> Response)
  /// A call that may also answer later, from any thread, through the handle.
  case deferrable(@Sendable (_ head: RequestHead, _ body: Span<UInt8>, _ handle: ResponseHandle) -> Reply)
}

/// What a deferrable handler says.
public enum Reply: Sendable {
  /// The answer is here; the handle is of no use.
  case now(Response)
  /// The answer comes through the handle.
  case later
}

/// Finds the handler of a path and a method; the query has no say.
public struct Router: Sendable {
  /// One entry of the table.
  struct Route: Sendable {
    let path: [UInt8]
    let isPrefix: Bool
    let methods: MethodSet
    let body: BodyRule
    let handler: RouteHandler
  }

  /// What the table says to a request.
  enum Lookup {
    case found(Int)
    case wrongMethod(allowed: MethodSet)
    case notFound
  }

  private(set) var routes: [Route] = []

  /// A router without routes: everything is 404.
  public init() {}

  /// Adds a route for one path.
  public mutating func add(
    _ methods: MethodSet, _ path: String, body: BodyRule = .any, handler: RouteHandler
  ) {
    insert(Route(path: Array(path.utf8), isPrefix: false, methods: methods, body: body, handler: handler))
  }

  /// Adds a route for every path that begins with the prefix; the empty prefix catches all.
  ///
  /// The longest prefix wins, an exact path wins over any prefix.
  public mutating func add(
    _ methods: MethodSet, prefix: String, body: BodyRule = .any, handler: RouteHandler
  ) {
    insert(Route(path: Array(prefix.utf8), isPrefix: true, methods: methods, body: body, handler: handler))
  }

  /// Answers GET and HEAD of one path.
  public mutating func get(
    _ path: String, _ handler: @escaping @Sendable (_ head: RequestHead, _ body: Span<UInt8>) -> Response
  ) {
    add(.get, path, handler: .plain(handler))
  }

  /// Answers POST of one path, for bodies of these media types.
  public mutating func post(
    _ path: String, accepting types: [String] = ["application/json"],
    _ handler: @escaping @Sendable (_ head: RequestHead, _ body: Span<UInt8>) -> Response
  ) {
    add(.post, path, body: .required(types), handler: .plain(handler))
  }

  /// Answers every method of every path that no other route has.
  public mutating func catchAll(
    _ handler: @escaping @Sendable (_ head: RequestHead, _ body: Span<UInt8>, _ handle: ResponseHandle) -> Reply
  ) {
    add(.all, prefix: "", handler: .deferrable(handler))
  }

  /// Looks a request up: linear over a handful of routes, which is faster than hashing the path.
  func lookup(_ path: ArraySlice<UInt8>, _ method: Method) -> Lookup {
    var allowed: MethodSet = []
    for (index, route) in routes.enumerated() where route.matches(path) {
      if route.methods.contains(MethodSet(method)) { return .found(index) }
      allowed.formUnion(route.methods)
    }
    return allowed.isEmpty ? .notFound : .wrongMethod(allowed: allowed)
  }

  /// Keeps exact paths first, then prefixes from long to short, so that the first match is the right one.
  private mutating func insert(_ route: Route) {
    let index = routes.firstIndex { $0.precedence < route.precedence } ?? routes.endIndex
    routes.insert(route, at: index)
  }
}

extension Router.Route {
  fileprivate var precedence: Int { isPrefix ? path.count : Int.max }

  fileprivate func matches(_ candidate: ArraySlice<UInt8>) -> Bool {
    guard isPrefix ? candidate.count >= path.count : candidate.count == path.count else { return false }
    return candidate.prefix(path.count).elementsEqual(path)
  }

  /// Whether an answer may come later.
  var isDeferrable: Bool {
    if case .deferrable = handler { return true }
    return false
  }

  /// The refusal of a request whose body is not what the route takes.
  func refusal(of head: RequestHead) -> HTTPError? {
    guard case .required(let types) = body else { return nil }
    if head.framing == .none, head.value(of: "content-length") == nil {
      return HTTPError(.lengthRequired, "a body with its length is wanted here")
    }
    if let coding = head.value(of: "content-encoding"), !coding.matches("identity") {
      return HTTPError(.unsupportedMediaType, "the body must not be encoded")
    }
    let type = head.value(of: "content-type")?.prefix { $0 != UInt8(ascii: ";") }.trimmed ?? []
    guard types.contains(where: { $0.utf8.elementsEqual(type) { $0.lowercased == $1.lowercased } }) else {
      return HTTPError(.unsupportedMediaType, "the body must be \(types.joined(separator: " or "))")
    }
    return nil
  }
}
