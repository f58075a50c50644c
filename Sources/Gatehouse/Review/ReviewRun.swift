import Admission
import GameAdmission
import JSON
import Kubernetes

/// One review carried through the paths that the API server would call for it: first those that change, then those that check.
struct ReviewRun {
  /// What one path decided.
  struct Step {
    let path: ReviewPath
    let result: ReviewResult
  }

  /// The review as it came.
  let request: AdmissionRequest
  /// The paths in their order; a refusal is the last.
  private(set) var steps: [Step] = []
  /// All changes, in the order in which they apply.
  private(set) var patch = JSONPatch()
  /// The object with the changes; as it came where nothing changes it, nil where the review has none.
  private(set) var object: JSONValue?

  /// Decides a review.
  ///
  /// - Throws: ``CommandFailure`` for a kind that nobody reviews.
  init(_ request: AdmissionRequest, _ admission: GameAdmission) throws {
    self.request = request
    object = request.object.map { JSONValue($0) }
    let kind = ReviewRun.kind(of: request)
    let paths = ReviewPath.paths(forKind: kind)
    guard !paths.isEmpty else {
      throw CommandFailure(
        "objects of kind \(kind.isEmpty ? "unknown" : kind) are not reviewed; Pod, GameServerSet and GameServer are")
    }
    var current = request
    for path in paths {
      do {
        let result = try admission.explain(current, at: path)
        steps.append(Step(path: path, result: result))
        if case .denied = result.decision { return }
        if case .patched(let changes) = result.decision, !changes.isEmpty { current = try apply(changes, to: current) }
      } catch let error as Unavailable {
        throw CommandFailure("\(path.rawValue) cannot decide now: \(error.reason)")
      }
    }
  }

  /// Whether a path refused the operation, and why.
  var refusal: Refusal? {
    guard case .denied(let refusal)? = steps.last?.result.decision else { return nil }
    return refusal
  }

  /// The warnings of all paths, each once.
  var warnings: [String] {
    var seen: Set<String> = []
    return steps.flatMap(\.result.context.warnings).filter { seen.insert($0).inserted }
  }

  /// The kind of the object, or of the owner of the subresource that is addressed.
  static func kind(of request: AdmissionRequest) -> String {
    let resource = request.resource.split(separator: ".").first ?? ""
    return Manifest.resources.first { $0.plural == resource }?.kind ?? request.requestKind
  }

  /// The review that the next path gets: the same with the object as it is by now.
  private mutating func apply(_ changes: JSONPatch, to request: AdmissionRequest) throws -> AdmissionRequest {
    guard let object else { return request }
    let changed: JSONValue
    do {
      changed = try changes.apply(to: object)
    } catch {
      throw CommandFailure("the patch does not apply to the object: \(error)")
    }
    self.object = changed
    patch.operations += changes.operations
    var review = JSONValue(request.document.root)
    review["request"]?["object"] = changed
    return try AdmissionRequest(JSONDocument(review.bytes))
  }
}
