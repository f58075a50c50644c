import JSON
import Kubernetes

/// What the API server refuses in an object: names and labels of any kind, a custom resource's schema, and the few fields of built-in kinds
/// that the product's own objects could get wrong.
enum ObjectValidation {
  static func problems(_ value: JSONValue, old: JSONValue?, _ definition: ResourceDefinition) -> [FieldProblem] {
    var problems = metadata(value["metadata"] ?? .null)
    if let old { problems += addedFinalizers(value["metadata"] ?? .null, old["metadata"] ?? .null) }
    if let schema = definition.schema { problems += SchemaValidation.problems(value, schema) }
    switch definition.resource {
    case .pods: problems += pod(value, old)
    case .services: problems += service(value)
    default: break
    }
    return problems
  }

  private static func metadata(_ metadata: JSONValue) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    let name = metadata["name"]?.string ?? ""
    if !isDNSSubdomain(name) {
      problems.append(
        .invalid(
          "metadata.name", JSONValue.string(name).text,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
            + "with an alphanumeric character"))
    }
    for member in metadata["labels"]?.object?.members ?? [] {
      guard let text = member.value.string, isLabelValue(text) else {
        problems.append(
          .invalid(
            "metadata.labels", member.value.text,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
              + "with an alphanumeric character"))
        continue
      }
    }
    return problems
  }

  /// An object that is being deleted may lose finalizers but not get any.
  private static func addedFinalizers(_ new: JSONValue, _ old: JSONValue) -> [FieldProblem] {
    guard old["deletionTimestamp"] != nil else { return [] }
    let known = old["finalizers"]?.array ?? []
    let added = (new["finalizers"]?.array ?? []).filter { !known.contains($0) }
    guard !added.isEmpty else { return [] }
    return [
      FieldProblem(
        path: "metadata.finalizers",
        message: "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
          + "[]string{\(added.map(\.text).joined(separator: ", "))}")
    ]
  }

  private static func pod(_ value: JSONValue, _ old: JSONValue?) -> [FieldProblem] {
    let containers = value["spec"]?["containers"]?.array ?? []
    var problems: [FieldProblem] = []
    if containers.isEmpty { problems.append(.required("spec.containers")) }
    for (place, container) in containers.enumerated() where container["image"]?.string ?? "" == "" {
      problems.append(.required("spec.containers[\(place)].image"))
    }
    if let old, immutable(value) != immutable(old) {
      problems.append(
        FieldProblem(
          path: "spec",
          message: "Forbidden: pod updates may not change fields other than `spec.containers[*].image`, "
            + "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing "
            + "tolerations)"))
    }
    return problems
  }

  /// A pod's specification without the fields that may change.
  private static func immutable(_ pod: JSONValue) -> JSONValue {
    var spec = pod["spec"] ?? .null
    for field in ["activeDeadlineSeconds", "tolerations", "nodeName", "terminationGracePeriodSeconds"] {
      spec[field] = nil
    }
    for list in ["containers", "initContainers"] {
      guard let containers = spec[list]?.array else { continue }
      spec[list] = .array(
        containers.map { container in
          var container = container
          container["image"] = nil
          return container
        })
    }
    return spec
  }

  private static func service(_ value: JSONValue) -> [FieldProblem] {
    let spec = value["spec"]
    var problems: [FieldProblem] = []
    let ports = spec?["ports"]?.array ?? []
    if ports.isEmpty, spec?["clusterIP"]?.string != "None", spec?["type"]?.string != "ExternalName" {
      problems.append(.required("spec.ports"))
    }
    var names: Set<String> = []
    for (place, port) in ports.enumerated() {
      let proto = port["protocol"]?.string ?? ""
      if !["TCP", "UDP", "SCTP"].contains(proto) {
        problems.append(
          FieldProblem(
            path: "spec.ports[\(place)].protocol",
            message: "Unsupported value: \"\(proto)\": supported values: \"SCTP\", \"TCP\", \"UDP\""))
      }
      let number = port["port"]?.int ?? 0
      if !(1...65_535 ~= number) {
        problems.append(.invalid("spec.ports[\(place)].port", String(number), "must be between 1 and 65535, inclusive"))
      }
      let name = port["name"]?.string ?? ""
      if ports.count > 1, !names.insert(name).inserted {
        problems.append(FieldProblem(path: "spec.ports[\(place)].name", message: "Duplicate value: \"\(name)\""))
      }
    }
    return problems
  }

  static func isLabelValue(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return true }
    let isAlphanumeric = { (scalar: Unicode.Scalar) in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9" ~= scalar))
    }
    return text.utf8.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last)
      && text.unicodeScalars.allSatisfy { isAlphanumeric($0) || $0 == "-" || $0 == "_" || $0 == "." }
  }

  private static func isDNSSubdomain(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 253 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      guard let first = label.utf8.first, let last = label.utf8.last else { return false }
      let isAlphanumeric = { (byte: UInt8) in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      }
      return isAlphanumeric(first) && isAlphanumeric(last)
        && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
    }
  }
}
