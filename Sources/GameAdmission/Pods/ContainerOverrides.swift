import Admission
import JSON
import Kubernetes

/// What a GameServer says about single containers of its pod: images, and amounts of resources by name.
struct ContainerOverrides {
  /// A field that a container gets.
  struct Field {
    let path: [String]
    let value: JSONView

    /// The field as the audit log and people see it.
    var name: String { path.dropFirst(path.count > 1 ? 1 : 0).joined(separator: ".") }
  }

  private let entries: [Container]

  /// The overrides of a server; none where there is no server.
  init(_ server: GameServer?) { entries = server?.containers ?? [] }

  var isEmpty: Bool { entries.isEmpty }

  /// The fields that the container of that name gets; of two entries for one container the later one wins, field by field.
  ///
  /// What no pod could have is left out with a warning: the API server would refuse the pod, again and again.
  func fields(of container: String, _ context: inout ReviewContext) -> [Field] {
    var fields: [Field] = []
    var places: [[String]: Int] = [:]
    func put(_ path: [String], _ value: JSONView) {
      if let place = places[path] {
        fields[place] = Field(path: path, value: value)
      } else {
        places[path] = fields.count
        fields.append(Field(path: path, value: value))
      }
    }
    for entry in entries where entry.json["name"]?.isString(container) == true {
      if !entry.image.isEmpty, let image = entry.json["image"] { put(["image"], image) }
      for group in ["limits", "requests"] {
        for resource in entry.resources?[group].map({ Array($0.members) }) ?? [] {
          if let problem = ContainerOverrides.problem(of: resource) {
            context.warn("GameServer \(group).\(resource.name) of \(container) left out: \(problem)", .high)
          } else {
            put(["resources", group, resource.name], resource.value)
          }
        }
      }
    }
    return fields
  }

  private static func problem(of resource: JSONView.Member) -> String? {
    if let problem = NameSyntax.containerResourceProblem(resource.name) { return problem }
    guard let amount = ResourceQuantity(resource.value), !amount.isNegative else {
      return "\(resource.value.text) is no quantity"
    }
    return nil
  }

  /// Changes a container that the pod is about to get; answers the names of the fields.
  func apply(to container: inout JSONValue, _ context: inout ReviewContext) -> [String] {
    guard !isEmpty, let name = container["name"]?.string else { return [] }
    var names: [String] = []
    for field in fields(of: name, &context) {
      ContainerOverrides.set(JSONValue(field.value), at: field.path[...], in: &container)
      names.append("\(field.name) of \(name)")
    }
    return names
  }

  private static func set(_ value: JSONValue, at path: ArraySlice<String>, in parent: inout JSONValue) {
    guard let step = path.first else {
      parent = value
      return
    }
    var child = parent[step] ?? [:]
    set(value, at: path.dropFirst(), in: &child)
    parent[step] = child
  }
}

extension ResourceQuantity {
  /// Reads an amount that stands as a string or as a number.
  init?(_ json: JSONView) {
    guard let text = json.string ?? json.numberText else { return nil }
    self.init(text)
  }
}
