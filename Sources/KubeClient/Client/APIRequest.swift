import Kubernetes

/// A request of the Kubernetes API before it has credentials: what metrics and retries need to know of it.
struct APIRequest: Sendable {
  /// What the request does, as metrics and audit logs call it.
  enum Verb: String, Sendable {
    case get, list, watch, create, update, patch, delete
    case deleteCollection = "deletecollection"
  }

  /// The formats of bodies.
  enum ContentType: String, Sendable {
    case json = "application/json"
    case jsonPatch = "application/json-patch+json"
    case mergePatch = "application/merge-patch+json"
    case strategicMergePatch = "application/strategic-merge-patch+json"
    /// JSON is YAML too.
    case applyPatch = "application/apply-patch+yaml"
  }

  var verb: Verb
  /// The resource's plural name, or the first part of a path outside of resources: few values, for metrics.
  var resource: String
  var path: String
  var query = URLQuery()
  var contentType = ContentType.json
  var body: [UInt8]?
  var repeatability: RetryPolicy.Repeatability

  /// A request for a resource or for one object of it.
  init(
    _ verb: Verb, _ resource: Resource, namespace: String? = nil, name: String? = nil, subresource: String? = nil
  ) {
    self.verb = verb
    self.resource = resource.plural
    path = resource.path(
      namespace: namespace.map(URLQuery.escape), name: name.map(URLQuery.escape), subresource: subresource)
    repeatability =
      switch (verb, subresource) {
      case (.get, _), (.list, _), (.watch, _): .safe
      // The 429 of an eviction is the answer that the caller asked for: the disruption budget is spent.
      case (_, "eviction"?): .never
      default: .once
      }
  }

  /// A read of a path outside of resources, such as `/version`.
  init(path: String) {
    verb = .get
    resource = path.split(separator: "/").first.map(String.init) ?? "root"
    self.path = path
    repeatability = .safe
  }

  var method: HTTPCall.Method {
    switch verb {
    case .get, .list, .watch: .get
    case .create: .post
    case .update: .put
    case .patch: .patch
    case .delete, .deleteCollection: .delete
    }
  }
}

/// The query of a URL, percent-encoded as it is built.
struct URLQuery: Sendable {
  private(set) var text = ""

  /// Adds a parameter.
  mutating func set(_ name: String, _ value: String) {
    text += "\(text.isEmpty ? "?" : "&")\(name)=\(Self.escape(value))"
  }

  /// Adds a parameter where there is a value.
  mutating func set(_ name: String, _ value: String?) {
    if let value { set(name, value) }
  }

  /// Encodes all but the unreserved characters of RFC 3986 section 2.3, so that no value can leave its place in a path or query.
  static func escape(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        escaped += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return escaped
  }
}
