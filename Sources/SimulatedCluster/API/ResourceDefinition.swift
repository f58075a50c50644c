import JSON
import Kubernetes

/// What the simulated API server knows of a resource.
struct ResourceDefinition: Sendable {
  /// The names.
  var resource: Resource
  /// Short names that `kubectl` takes, such as `po`.
  var shortNames: [String] = []
  /// The name of one object, such as `pod`, where a definition gives one.
  var singular = ""
  /// Groups of resources that `kubectl` takes in place of a name, such as `all`.
  var categories: [String] = []
  /// The kind of its lists.
  var listKind: String { resource.kind + "List" }
  /// Whether `metadata.generation` counts changes of the specification.
  var countsGenerations = false
  /// Whether status has a path of its own and is left alone by the others.
  var hasStatus = false
  /// Where `scale` finds its numbers; nil where there is no such subresource.
  var scale: ScalePaths?
  /// The structural schema of a custom resource.
  var schema: JSONValue?
  /// The columns of `kubectl get` beyond the name.
  var columns: [PrinterColumn] = []
  /// Whether the resource came with a CustomResourceDefinition.
  var isCustom = false

  /// The paths of the `scale` subresource.
  struct ScalePaths: Sendable, Hashable {
    var specReplicas: [String]
    var statusReplicas: [String]
    var labelSelector: [String]?
  }

  /// One column of a table.
  struct PrinterColumn: Sendable, Hashable {
    var name: String
    var type: String
    /// A simple JSON path, as steps.
    var path: [String]
    /// Only shown with `-o wide` where it is above 0.
    var priority = 0
  }
}
