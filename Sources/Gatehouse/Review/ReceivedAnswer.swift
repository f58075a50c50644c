import JSON

/// An answer that came from a server, taken apart for people.
struct ReceivedAnswer {
  /// Whether the operation may go on.
  let isAllowed: Bool
  /// The changes that the server wants.
  let patch: JSONPatch
  /// The decision, its reason, the warnings and the audit annotations, a line each.
  let notes: [String]
  private let file: String

  /// Reads an AdmissionReview with a response.
  ///
  /// - Throws: ``InputError`` for anything else.
  static func load(_ path: String) throws -> ReceivedAnswer {
    let bytes = try FileText.read(path)
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch {
      throw InputError(path, "\(error)")
    }
    return try ReceivedAnswer(document.root, file: path)
  }

  private init(_ root: JSONView, file: String) throws(InputError) {
    guard let response = root["response"], let isAllowed = response["allowed"]?.bool else {
      let text = root["message"]?.string.map { ": \($0)" } ?? ""
      throw InputError(file, "is no AdmissionReview with a response\(text)")
    }
    self.file = file
    self.isAllowed = isAllowed
    patch = try ReceivedAnswer.patch(response["patch"]?.string, file)
    let decision =
      isAllowed
      ? "allowed, \(patch.operations.count) changes"
      : "denied: \(response["status"]?["message"]?.string ?? "no reason given")"
    let warnings = response["warnings"]?.elements.compactMap(\.string).map { "  warning: \($0)" } ?? []
    let audit = response["auditAnnotations"]?.members.map { "  audit: \($0.name)=\($0.value.string ?? "")" } ?? []
    notes = [decision] + warnings + audit
  }

  /// The object with the changes.
  func applied(to object: JSONValue?) throws(InputError) -> JSONValue? {
    guard let object else { return nil }
    do {
      return try patch.apply(to: object)
    } catch {
      throw InputError(file, "has a patch that does not apply to the object: \(error)")
    }
  }

  private static func patch(_ text: String?, _ file: String) throws(InputError) -> JSONPatch {
    guard let text else { return JSONPatch() }
    guard let bytes = Base64.decode(text) else { throw InputError(file, "has a patch that is no base64 text") }
    do {
      return try JSONPatch(JSONDocument(bytes).root)
    } catch {
      throw InputError(file, "has a patch that is no JSON patch: \(error)")
    }
  }
}
