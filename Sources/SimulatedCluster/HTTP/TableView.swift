import JSON
import Kubernetes

/// The columns and cells of `kubectl get`: those of a custom resource's definition, those of the built-in kinds that people look at,
/// and name and age of all others.
enum TableView {
  /// A column and what it shows of an object.
  struct Column: Sendable {
    let name: String
    let type: String
    /// Above 0: only with `-o wide`.
    let priority: Int
    let cell: @Sendable (KubernetesObject, Timestamp) -> JSONValue

    init(
      _ name: String, type: String = "string", priority: Int = 0,
      _ cell: @escaping @Sendable (KubernetesObject, Timestamp) -> JSONValue
    ) {
      self.name = name
      self.type = type
      self.priority = priority
      self.cell = cell
    }

    /// A column that shows a text.
    static func text(
      _ name: String, priority: Int = 0, _ text: @escaping @Sendable (KubernetesObject) -> String?
    ) -> Column {
      Column(name, priority: priority) { object, _ in .string(text(object) ?? "<none>") }
    }
  }

  /// The definitions of the columns.
  static func columns(_ definition: ResourceDefinition) -> JSONValue {
    .array(
      list(definition).map { column in
        [
          "name": .string(column.name), "type": .string(column.type),
          "format": column.name == "Name" ? "name" : "", "description": .string(column.name),
          "priority": .int(column.priority),
        ]
      })
  }

  /// The cells of an object.
  static func cells(_ object: KubernetesObject, _ definition: ResourceDefinition, _ now: Timestamp) -> [JSONValue] {
    list(definition).map { $0.cell(object, now) }
  }

  private static let name = Column("Name") { object, _ in .string(object.name) }
  private static let age = Column("Age") { object, now in
    .string(HumanDuration.text(since: object.metadata.creationTimestamp, now: now))
  }

  private static func list(_ definition: ResourceDefinition) -> [Column] {
    if definition.isCustom, !definition.columns.isEmpty { return [name] + definition.columns.map(custom) }
    guard let columns = BuiltInColumns.table[definition.resource] else { return [name, age] }
    let wide = columns.filter { $0.priority > 0 }
    let isDated = definition.resource != .events && definition.resource != .customResourceDefinitions
    // Most tables end with the age, before what only wide output shows.
    return (definition.resource == .events ? [] : [name]) + columns.filter { $0.priority == 0 }
      + (isDated ? [age] : []) + wide
  }

  private static func custom(_ column: ResourceDefinition.PrinterColumn) -> Column {
    Column(column.name, type: column.type, priority: column.priority) { object, now in
      var view: JSONView? = object.json
      for step in column.path { view = view?[step] }
      guard let view, !view.isNull else { return .null }
      if column.type == "date" { return .string(HumanDuration.text(since: view.string ?? "", now: now)) }
      return column.type == "string" && view.string == nil ? .string(view.text) : JSONValue(view)
    }
  }
}
