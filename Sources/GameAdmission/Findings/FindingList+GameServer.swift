import JSON
import Kubernetes

/// The rules that GameServers share with the actions of service qualities.
extension FindingList {
  /// A priority: a number from 0 on, or a text of its digits; an action may also have a template there.
  mutating func checkPriority(_ value: JSONView?, _ path: String, allowingTemplate: Bool) {
    guard let value, !value.isNull else { return }
    guard let priority = IntOrString(value) else {
      return deny(.priority, path, value, "must be an \(Priority.grammar)")
    }
    if allowingTemplate, case .string(let text) = priority, GoTemplate.isTemplate(text) {
      return checkTemplate(text, value, path)
    }
    guard !Priority.isValid(priority.description) else { return }
    let more = allowingTemplate ? ", or a template" : ""
    deny(.priority, path, value, "must be an \(Priority.grammar)\(more), because it becomes the value of a label")
  }

  /// An operational state, which becomes the value of a label; an action may also have a template there.
  mutating func checkOpsState(_ value: JSONView?, _ path: String, allowingTemplate: Bool) {
    guard let value, !value.isNull else { return }
    guard let text = value.string else {
      return deny(.opsState, path, value, "must be a string such as \(OpsState.names)")
    }
    if allowingTemplate, GoTemplate.isTemplate(text) { return checkTemplate(text, value, path) }
    if let problem = NameSyntax.labelValueProblem(text) {
      return deny(.opsState, path, value, "\(problem), because it becomes the value of a label")
    }
    guard !text.isEmpty, OpsState(rawValue: text) == nil else { return }
    warn(.opsState, path, value, "is none of \(OpsState.names) and counts as None")
  }

  /// A template of a service quality's action.
  mutating func checkTemplate(_ text: String, _ value: JSONView, _ path: String) {
    do {
      _ = try GoTemplate(text)
    } catch {
      deny(.template, path, value, "is no template: \(error)")
    }
  }
}
