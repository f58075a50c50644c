public import JSON

/// The question that the API server asks: one operation on one object, read in place from the body.
///
/// Every field is a view; a string is made only when somebody asks for it.
public struct AdmissionRequest: Sendable {
  /// The whole review, which keeps the body alive.
  public let document: JSONDocument
  /// Which version of the API the server speaks, and so the answer too.
  public let version: ReviewVersion
  /// What the user does.
  public let operation: AdmissionOperation
  /// The object as it would be stored; nil for DELETE and where the server sent `null`.
  public let object: JSONView?
  /// The object as it is stored; nil for CREATE and where the server sent `null`.
  public let oldObject: JSONView?
  /// Whether nothing will be stored whatever the answer is.
  public let isDryRun: Bool

  let uid: JSONView
  let apiVersion: JSONView
  private let json: JSONView

  /// Opens a review.
  ///
  /// - Throws: ``ReviewError`` for anything that the API server would not send; unknown fields are not an error.
  public init(_ document: JSONDocument) throws(ReviewError) {
    let root = document.root
    guard root.isObject else { throw .field("the body", accepted: "an object", root) }
    let kind = root["kind"]
    guard kind?.isString("AdmissionReview") == true else {
      throw .field("kind", accepted: "\"AdmissionReview\"", kind)
    }
    let apiVersion = root["apiVersion"]
    guard let apiVersion, let version = ReviewVersion.allCases.first(where: { apiVersion.isString($0.rawValue) }) else {
      let accepted = ReviewVersion.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw .field("apiVersion", accepted: accepted, apiVersion)
    }
    guard let request = root["request"], request.isObject else {
      throw .field("request", accepted: "an object", root["request"])
    }
    let uid = request["uid"]
    guard let uid, uid.kind == .string, !uid.isString("") else {
      throw .field("request.uid", accepted: "a string that is not empty", uid)
    }
    self.document = document
    self.version = version
    self.apiVersion = apiVersion
    self.uid = uid
    json = request
    operation = try AdmissionRequest.operation(request)
    object = try AdmissionRequest.object(request, "object")
    oldObject = try AdmissionRequest.object(request, "oldObject")
    let dryRun = request["dryRun"]
    guard dryRun == nil || dryRun?.isNull == true || dryRun?.bool != nil else {
      throw .field("request.dryRun", accepted: "a boolean", dryRun)
    }
    isDryRun = dryRun?.bool ?? false
  }

  private static func operation(_ request: JSONView) throws(ReviewError) -> AdmissionOperation {
    let found = request["operation"]
    guard let found, let operation = AdmissionOperation.allCases.first(where: { found.isString($0.rawValue) }) else {
      throw .field("request.operation", accepted: "CREATE, UPDATE, DELETE or CONNECT", found)
    }
    return operation
  }

  private static func object(_ request: JSONView, _ field: String) throws(ReviewError) -> JSONView? {
    guard let view = request[field], !view.isNull else { return nil }
    guard view.isObject else { throw .field("request.\(field)", accepted: "an object or null", view) }
    return view
  }
}

extension AdmissionRequest {
  /// The id that pairs the answer with the question.
  public var id: String { uid.string ?? "" }
  /// The object's name; empty while the API server has not made it yet from `generateName`.
  public var name: String { json["name"]?.string ?? "" }
  /// The object's namespace; empty for an object of the cluster.
  public var namespace: String { json["namespace"]?.string ?? "" }
  /// The part of the object that is addressed, such as `status` or `eviction`; empty for the object itself.
  public var subresource: String { json["subResource"]?.string ?? "" }
  /// Whether the object itself is addressed.
  public var isMainResource: Bool {
    guard let field = json["subResource"], !field.isNull else { return true }
    return field.isString("")
  }
  /// Who asks.
  public var user: UserInfo { UserInfo(json["userInfo"]) }
  /// The options of the operation, such as `metav1.CreateOptions`; an older server sends none.
  public var options: JSONView? { json["options"].flatMap { $0.isObject ? $0 : nil } }

  /// The resource that the review speaks of, after the API server converted the object to what the webhook registered for.
  public var resource: String {
    let resource = json["resource"]
    let plural = resource?["resource"]?.string ?? ""
    let group = resource?["group"]?.string ?? ""
    return group.isEmpty ? plural : "\(plural).\(group)"
  }

  /// Whether the review is about this resource, in whatever version; makes no string.
  public func concerns(_ plural: String, group: String) -> Bool {
    guard let resource = json["resource"], resource["resource"]?.isString(plural) == true else { return false }
    return resource["group"].map { $0.isString(group) } ?? group.isEmpty
  }

  /// The kind that the user wrote, before any conversion; `v1beta1` servers before 1.15 only send the converted one.
  public var requestKind: String { (json["requestKind"] ?? json["kind"])?["kind"]?.string ?? "" }

  /// Who sent a request to the API server.
  public struct UserInfo: Sendable {
    private let json: JSONView?

    init(_ json: JSONView?) { self.json = json }

    /// The user's name, such as `system:serviceaccount:kruise-system:kruise-manager`.
    public var name: String { json?["username"]?.string ?? "" }
    /// The groups that the user belongs to.
    public var groups: [String] { json?["groups"]?.elements.compactMap(\.string) ?? [] }
  }
}
