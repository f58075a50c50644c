import Admission
import JSON

/// The form that a pod has to have before anything is written into it.
///
/// An API server decodes a pod before it asks, so another form comes only from tools; a patch for it would not apply.
enum PodForm {
  private static let maps = ["labels", "annotations"]
  private static let lists = ["volumes", "readinessGates"]
  /// The most containers of a list: nobody has a tenth of them, and steps that look at each container for each other stay quick.
  private static let containerLimit = 1000
  private static let containerLists = ["ports", "env", "volumeMounts"]

  /// Looks at the places that the mutators write to.
  ///
  /// - Throws: a refusal with code 400 that names the first place of another form.
  static func check(_ pod: JSONView) throws(ReviewFailure) {
    let metadata = pod["metadata"]
    try requireObject(metadata) { "metadata" }
    for map in maps { try requireObject(metadata?[map]) { "metadata.\(map)" } }
    let spec = pod["spec"]
    try requireObject(spec) { "spec" }
    for list in lists { try requireArray(spec?[list]) { "spec.\(list)" } }
    for list in ["containers", "initContainers"] {
      guard let containers = spec?[list] else { continue }
      try requireArray(containers) { "spec.\(list)" }
      guard containers.count <= containerLimit else {
        throw .refused(
          Refusal("spec.\(list) must have at most \(containerLimit) entries, and has \(containers.count)", .badRequest))
      }
      var place = 0
      for container in containers.elements {
        try check(container, list, place)
        place += 1
      }
    }
  }

  private static func check(_ container: JSONView, _ list: String, _ place: Int) throws(ReviewFailure) {
    guard container.isObject else { throw refusal(container, "spec.\(list)[\(place)]", "an object") }
    for field in containerLists { try requireArray(container[field]) { "spec.\(list)[\(place)].\(field)" } }
    let resources = container["resources"]
    try requireObject(resources) { "spec.\(list)[\(place)].resources" }
    for field in ["limits", "requests"] {
      try requireObject(resources?[field]) { "spec.\(list)[\(place)].resources.\(field)" }
    }
  }

  private static func requireObject(_ view: JSONView?, _ path: () -> String) throws(ReviewFailure) {
    guard let view, !view.isObject, !view.isNull else { return }
    throw refusal(view, path(), "an object")
  }

  private static func requireArray(_ view: JSONView?, _ path: () -> String) throws(ReviewFailure) {
    guard let view, !view.isArray, !view.isNull else { return }
    throw refusal(view, path(), "a list")
  }

  private static func refusal(_ view: JSONView, _ path: String, _ accepted: String) -> ReviewFailure {
    // The first characters of a value are enough to find it by its path.
    .refused(Refusal("\(path) must be \(accepted), and is \(view.text.prefix(40))", .badRequest))
  }
}
