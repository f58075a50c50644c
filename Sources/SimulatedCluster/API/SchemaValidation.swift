import JSON

/// The structural schema of a custom resource (OpenAPI v3, as far as Kubernetes allows it in structural schemas).
enum SchemaValidation {
  static func problems(_ value: JSONValue, _ schema: JSONValue, path: String = "") -> [FieldProblem] {
    if schema["x-kubernetes-int-or-string"]?.bool == true {
      return value.int != nil || value.string != nil ? [] : [wrongType(value, "integer or string", path)]
    }
    if value == .null, schema["nullable"]?.bool == true { return [] }
    guard let type = schema["type"]?.string else { return [] }
    switch (type, value) {
    case ("object", .object(let object)): return objectProblems(object, schema, path)
    case ("array", .array(let elements)): return listProblems(elements, schema, path)
    case ("string", .string(let text)): return stringProblems(text, schema, path)
    case ("boolean", .bool): return []
    case ("integer", .number(let number)) where number.int != nil: return numberProblems(number.double, schema, path)
    case ("number", .number(let number)): return numberProblems(number.double, schema, path)
    default: return [wrongType(value, type, path)]
    }
  }

  private static func objectProblems(_ object: JSONObject, _ schema: JSONValue, _ path: String) -> [FieldProblem] {
    let required = schema["required"]?.array?.compactMap(\.string) ?? []
    var problems = required.filter { object[$0] == nil }.map { FieldProblem.required(join(path, $0)) }
    for member in object.members where !(path.isEmpty && member.name == "metadata") {
      if let property = schema["properties"]?[member.name] ?? schema["additionalProperties"] {
        problems += self.problems(member.value, property, path: join(path, member.name))
      }
    }
    return problems
  }

  private static func stringProblems(_ text: String, _ schema: JSONValue, _ path: String) -> [FieldProblem] {
    if let allowed = schema["enum"]?.array, !allowed.contains(.string(text)) {
      let list = allowed.map(\.text).joined(separator: ", ")
      return [
        FieldProblem(
          path: path, message: "Unsupported value: \(JSONValue.string(text).text): supported values: \(list)")
      ]
    }
    if let limit = schema["maxLength"]?.int, text.unicodeScalars.count > limit {
      return [FieldProblem(path: path, message: "Too long: may not be longer than \(limit)")]
    }
    let shown = JSONValue.string(text).text
    if let least = schema["minLength"]?.int, text.unicodeScalars.count < least {
      return [.invalid(path, shown, "\(path) in body should be at least \(least) chars long")]
    }
    if let pattern = schema["pattern"]?.string, !matches(text, pattern) {
      return [.invalid(path, shown, "\(path) in body should match '\(pattern)'")]
    }
    return []
  }

  /// Whether a pattern is found in a text; one that cannot be read refuses nothing.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let expression = try? Regex(pattern) else { return true }
    return text.firstMatch(of: expression) != nil
  }

  private static func listProblems(_ elements: [JSONValue], _ schema: JSONValue, _ path: String) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if let limit = schema["maxItems"]?.int, elements.count > limit {
      problems.append(
        FieldProblem(path: path, message: "Too many: \(elements.count): must have at most \(limit) items"))
    }
    if let least = schema["minItems"]?.int, elements.count < least {
      problems.append(
        .invalid(path, "\(elements.count)", "\(path) in body should have at least \(least) items"))
    }
    guard let items = schema["items"] else { return problems }
    return problems + elements.enumerated().flatMap { self.problems($1, items, path: "\(path)[\($0)]") }
  }

  private static func numberProblems(_ number: Double, _ schema: JSONValue, _ path: String) -> [FieldProblem] {
    if case .number(let least)? = schema["minimum"], number < least.double {
      return [.invalid(path, "\(Int(number))", "\(path) in body should be greater than or equal to \(least)")]
    }
    if case .number(let most)? = schema["maximum"], number > most.double {
      return [.invalid(path, "\(Int(number))", "\(path) in body should be less than or equal to \(most)")]
    }
    return []
  }

  private static func wrongType(_ value: JSONValue, _ type: String, _ path: String) -> FieldProblem {
    let found =
      switch value {
      case .null: "null"
      case .bool: "boolean"
      case .number(let number): number.int == nil ? "number" : "integer"
      case .string: "string"
      case .array: "array"
      case .object: "object"
      }
    return .invalid(path, "\"\(found)\"", "\(path) in body must be of type \(type): \"\(found)\"")
  }

  private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
