import Admission
import GameAdmission
import JSON
import Kubernetes

/// Turns what the user named into reviews: an AdmissionReview as it is, a manifest as the review that the API server would send.
struct ReviewInput {
  /// A review with the place that it came from.
  struct Named {
    /// `file:line`.
    let place: String
    let request: AdmissionRequest
  }

  /// What is done with the object of a manifest.
  let operation: AdmissionOperation
  let isDryRun: Bool
  /// The file with the object as it is stored, for UPDATE and DELETE.
  let old: String?

  /// The reviews of a file, or of standard input for `-`.
  ///
  /// - Parameter isOnly: whether there is no other file, so that one with nothing to review is a mistake.
  /// - Throws: ``InputError`` for files that cannot be used.
  func reviews(_ path: String, isOnly: Bool) throws -> [Named] {
    let stored = try old.map { try storedObjects($0) } ?? []
    let manifests = try ManifestFile.load(path)
    guard let first = manifests.first else {
      throw InputError(path == "-" ? FileText.standardInput : path, "holds no manifest and no AdmissionReview")
    }
    let reviewed = manifests.filter(ReviewInput.isReviewed)
    if reviewed.isEmpty, isOnly {
      throw InputError(
        first.file, line: first.line,
        "has a \(first.object.kind), which is not reviewed; Pod, GameServerSet and GameServer are")
    }
    for other in manifests where !ReviewInput.isReviewed(other) {
      Terminal.error("\(other.file):\(other.line): passing over \(other.title), which is not reviewed")
    }
    return try reviewed.map { try review($0, stored) }
  }

  private static func isReviewed(_ manifest: Manifest) -> Bool {
    (manifest.object.kind == "AdmissionReview" && !ReviewPath.paths(forKind: reviewedKind(manifest)).isEmpty)
      || manifest.resource.map { !ReviewPath.paths(forKind: $0.kind).isEmpty } ?? false
  }

  /// The kind of the object of a review; that of its request where it is none, which is then told as a malformed review.
  private static func reviewedKind(_ manifest: Manifest) -> String {
    guard let request = manifest.object.json["request"] else { return Resource.pods.kind }
    let resource = request["resource"]?["resource"]?.string ?? ""
    return Manifest.resources.first { $0.plural == resource }?.kind ?? request["kind"]?["kind"]?.string
      ?? Resource.pods.kind
  }

  private func review(_ manifest: Manifest, _ stored: [Manifest]) throws -> Named {
    let place = "\(manifest.file):\(manifest.line)"
    guard let resource = manifest.resource else {
      guard old == nil else {
        throw InputError(
          manifest.file, line: manifest.line,
          "is an AdmissionReview, which names its operation and stored object itself; leave --old out")
      }
      var review = JSONValue(manifest.object.json)
      if isDryRun { review["request"]?["dryRun"] = true }
      return Named(place: place, request: try open(review, manifest))
    }
    return Named(place: place, request: try open(build(manifest, resource, stored), manifest))
  }

  private func storedObjects(_ path: String) throws -> [Manifest] {
    guard operation == .update || operation == .delete else {
      throw CommandFailure("--old is for --operation UPDATE and DELETE; a \(operation.rawValue) has no stored object")
    }
    return try ManifestFile.load(path)
  }

  private func build(_ manifest: Manifest, _ resource: Resource, _ stored: [Manifest]) throws -> JSONValue {
    let old = stored.first { $0.object.kind == manifest.object.kind && $0.object.key == manifest.object.key }
    if operation == .update, old == nil {
      throw CommandFailure(
        "an UPDATE needs the stored \(manifest.title); name the file that has it with --old")
    }
    let object = JSONValue(manifest.object.json)
    let before = old.map { JSONValue($0.object.json) }
    var review = OutgoingReview(
      operation == .delete ? nil : object, group: resource.group, apiVersion: resource.version, plural: resource.plural)
    review.operation = operation
    review.oldObject = operation == .delete ? before ?? object : before
    review.isDryRun = isDryRun
    review.user = "gatehouse-review"
    return review.value
  }

  private func open(_ review: JSONValue, _ manifest: Manifest) throws -> AdmissionRequest {
    do {
      return try AdmissionRequest(JSONDocument(review.bytes))
    } catch {
      throw InputError(manifest.file, line: manifest.line, "is no AdmissionReview: \(error)")
    }
  }
}
