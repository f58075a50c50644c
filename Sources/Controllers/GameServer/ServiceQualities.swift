import JSON
import Kubernetes
import NetworkPlugins

/// What the service qualities of a set make of the results that probes left on a pod.
struct ServiceQualities: Sendable {
  /// Renders a template with a probe's result; nil where the template does not parse or fails.
  typealias Renderer = @Sendable (_ template: String, _ result: String) -> String?

  /// The conditions to show, in the order of the qualities.
  private(set) var conditions: [JSONValue] = []
  /// The fields of the game server's specification that actions set.
  private(set) var spec = JSONObject()
  /// The labels that actions set.
  private(set) var labels = JSONObject()
  /// The annotations that actions set.
  private(set) var annotations = JSONObject()
  /// What users should know of actions that could not be applied.
  private(set) var events: [ClusterEvent] = []

  private let now: Timestamp
  private let render: Renderer

  init(_ context: ServerContext, render: @escaping Renderer) {
    now = context.now
    self.render = render
    let old = context.server.status?["serviceQualitiesConditions"]
    for quality in context.set.serviceQualities {
      let name = quality["name"]?.string ?? ""
      let previous = old?.elements.first { $0["name"]?.isString(name) ?? false }
      evaluate(quality, name, context.pod.condition(ProbeMarkerProjection.conditionType(name)), previous)
    }
  }

  private mutating func evaluate(_ quality: JSONView, _ name: String, _ probe: Condition?, _ previous: JSONView?) {
    guard let probe else {
      // The times of the previous condition stay, so that a permanent action does not fire again for a pod made anew.
      var condition: JSONValue = ["name": .string(name)]
      for field in ["lastActionTransitionTime", "lastTransitionTime"] {
        condition[field] = previous?[field].flatMap { $0.isNull ? nil : JSONValue($0) }
      }
      conditions.append(condition)
      return
    }
    let result = probe.message.filter { $0 != "|" && !$0.isNewline }
    var actionTime = previous?["lastActionTransitionTime"]?.string
    let hasChanged = previous?["status"]?.string != probe.status || (previous?["result"]?.string ?? "") != result
    let isPermanent = quality["permanent"]?.bool ?? false
    if previous == nil || (hasChanged && (actionTime == nil || !isPermanent)) {
      actionTime = apply(quality, probe, result) ? now.description : nil
    }
    var condition: JSONValue = ["name": .string(name), "status": .string(probe.status)]
    if !result.isEmpty { condition["result"] = .string(result) }
    condition["lastProbeTime"] = probe.lastProbeTime.map(JSONValue.string)
    let times = [actionTime, probe.lastProbeTime].compactMap { $0.flatMap(Timestamp.init) }
    condition["lastTransitionTime"] = times.max().map { .string($0.description) }
    condition["lastActionTransitionTime"] = actionTime.map(JSONValue.string)
    conditions.append(condition)
  }

  /// Applies every action that matches, later ones over earlier ones; answers whether any did.
  private mutating func apply(_ quality: JSONView, _ probe: Condition, _ result: String) -> Bool {
    guard let state = Boolean.parse(probe.status) else { return false }
    var didMatch = false
    for action in quality["serviceQualityAction"].map({ Array($0.elements) }) ?? [] {
      let wanted = action["result"]?.string ?? ""
      guard action["state"]?.bool ?? false == state, wanted.isEmpty || wanted == result else { continue }
      didMatch = true
      applyPriority(action, "deletionPriority", "DeletionPriority", result)
      applyPriority(action, "updatePriority", "UpdatePriority", result)
      applyOpsState(action, result)
      if let disabled = action["networkDisabled"]?.bool { spec["networkDisabled"] = .bool(disabled) }
      applyMap(action["labels"], "label", result) { $0.labels[$1] = $2 }
      applyMap(action["annotations"], "annotation", result) { $0.annotations[$1] = $2 }
    }
    return didMatch
  }

  private mutating func applyPriority(_ action: JSONView, _ field: String, _ what: String, _ result: String) {
    guard let priority = action[field].flatMap(IntOrString.init) else { return }
    guard case .string(let template) = priority, template.contains("{{") else {
      if Self.priority(priority.description) != nil {
        spec[field] = priority.value
      } else {
        let problem = "\(what) \(priority.description) of an action must be an integer from 0 to \(Int32.max)"
        events.append(ClusterEvent(.warning, "Invalid\(what)", problem))
      }
      return
    }
    let rendered = render(template, result) ?? template
    if let value = Self.priority(rendered) {
      spec[field] = .int(value)
      return
    }
    let problem =
      rendered.isEmpty
      ? "rendered value is empty (template: \(template), result: \(result))"
      : "priority value must be numeric, got: \(rendered) (template: \(template), probe result: \(result))"
    events.append(
      ClusterEvent(
        .warning, "Invalid\(what)", "Failed to parse \(what) template '\(template)' with result '\(result)': \(problem)"
      ))
  }

  private mutating func applyOpsState(_ action: JSONView, _ result: String) {
    guard let template = action["opsState"]?.string, !template.isEmpty else { return }
    guard let rendered = rendered(template, "opsState", result) else { return }
    guard NameSyntax.labelValueProblem(rendered) == nil else {
      events.append(
        ClusterEvent(
          .warning, "InvalidOpsState", "opsState \(rendered) of template '\(template)' cannot be a label value"))
      return
    }
    spec["opsState"] = .string(rendered)
  }

  private mutating func applyMap(
    _ map: JSONView?, _ what: String, _ result: String, set: (inout Self, String, JSONValue) -> Void
  ) {
    for (key, template) in StringMap(map) {
      guard let text = rendered(template, "\(what) \(key)", result) else { continue }
      guard what != "label" || NameSyntax.labelValueProblem(text) == nil else {
        events.append(ClusterEvent(.warning, "InvalidTemplate", "\(what) \(key): \(text) cannot be a label value"))
        continue
      }
      set(&self, key, .string(text))
    }
  }

  /// The text with its template rendered; nil, and an event, where that fails, so that no braces reach a label.
  private mutating func rendered(_ template: String, _ what: String, _ result: String) -> String? {
    guard template.contains("{{") else { return template }
    if let text = render(template, result) { return text }
    events.append(
      ClusterEvent(.warning, "InvalidTemplate", "\(what): template '\(template)' failed with result '\(result)'"))
    return nil
  }

  /// A base-10 integer from 0 on that fits the API's 32 bits: it becomes a label of the pod, which has no sign.
  private static func priority(_ text: String) -> Int? { Int32(text).flatMap { $0 >= 0 ? Int($0) : nil } }
}
