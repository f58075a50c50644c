import JSON
import NetworkPlugins

/// A plugin as `gatehouse plugins` shows it.
struct PluginDescription {
  private let plugin: any NetworkPlugin
  private let isEnabled: Bool
  private let problems: [String]

  init(_ plugin: any NetworkPlugin, _ configuration: ProviderConfiguration) {
    self.plugin = plugin
    isEnabled = configuration.isEnabled(plugin.provider)
    problems = isEnabled ? configuration.problems(of: plugin.provider).map(\.description) : []
  }

  /// A block for people.
  var text: String {
    var lines = ["\(plugin.name)  (\(state))"]
    let width = plugin.parameters.map(\.name.count).max() ?? 0
    for parameter in plugin.parameters {
      let name = parameter.name + String(repeating: " ", count: width - parameter.name.count)
      let marks = [
        parameter.isRequired ? "required" : nil, parameter.isRepeatable ? "repeatable" : nil,
        parameter.defaultValue.map { "default \($0.isEmpty ? "empty" : $0)" },
      ].compactMap { $0 }
      lines.append("  \(name)  \(parameter.grammar)\(marks.isEmpty ? "" : "; " + marks.joined(separator: ", "))")
      lines.append("  \(String(repeating: " ", count: width))  \(parameter.summary)")
    }
    if case .passedOn(let text) = plugin.otherParameters { lines.append("  any other parameter: \(text)") }
    return lines.joined(separator: "\n")
  }

  private var state: String {
    guard isEnabled else { return "not enabled: set enable = true in [\(plugin.provider.section)]" }
    return problems.isEmpty ? "enabled" : "not usable: " + problems.joined(separator: "; ")
  }

  /// The same for programs.
  var value: JSONValue {
    let parameters = plugin.parameters.map { parameter -> JSONValue in
      [
        "name": .string(parameter.name), "type": .string(parameter.grammar), "summary": .string(parameter.summary),
        "default": parameter.defaultValue.map { .string($0) } ?? .null, "required": .bool(parameter.isRequired),
        "repeatable": .bool(parameter.isRepeatable),
      ]
    }
    return [
      "name": .string(plugin.name), "alias": .string(plugin.alias), "provider": .string(plugin.provider.section),
      "enabled": .bool(isEnabled && problems.isEmpty), "problems": .array(problems.map { .string($0) }),
      "parameters": .array(parameters),
    ]
  }
}
