import Admission
import JSON
import Kubernetes

/// An object under review together with its edits.
struct ObjectReview {
  var editor: JSONEditor

  /// Sets a field that is absent or `null`.
  ///
  /// Nothing is set below a value that could not hold it: the schema of the resource refuses that value next, and names it.
  mutating func setDefault(_ path: [String], _ value: JSONValue, _ context: inout ReviewContext) {
    var view: JSONView? = editor.original
    for step in path {
      guard let parent = view, !parent.isNull else { break }
      guard parent.isObject || (parent.isArray && Int(step) != nil) else { return }
      view = parent.isObject ? parent[step] : Int(step).flatMap { parent[$0] }
    }
    guard view?.isNull ?? true else { return }
    editor.set(path, value)
    context.acted("\(path.joined(separator: ".")): \(value.text) (the default)")
  }
}

/// `/mutate-v1alpha1-gss` and `/mutate-v1alpha1-gs`: writes defaults where fields are absent, and nothing else.
struct DefaultingReviewer: Reviewer {
  let resource: Resource
  let pipeline: Pipeline<ObjectReview>

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try request.require(resource)
    guard request.isMainResource, request.operation == .create || request.operation == .update else {
      return .allowed()
    }
    let object = try request.newObject(resource.kind)
    // What is being deleted is only updated to let its finalizers go.
    guard object["spec"]?.isObject == true, !ObjectMetadata(object["metadata"]).isBeingDeleted else {
      return .allowed()
    }
    var review = ObjectReview(editor: JSONEditor(object))
    try pipeline.run(&review, &context)
    return .patched(review.editor.patch)
  }
}
