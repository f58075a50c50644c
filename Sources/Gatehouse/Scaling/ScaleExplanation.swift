import JSON
import Kubernetes
import Scaler

/// What the scaler would answer for one trigger, and why.
struct ScaleExplanation {
  /// The set.
  let key: NamespacedName
  /// Where the trigger is from.
  let source: String
  /// The bounds that the HPA holds to, where a ScaledObject gives them.
  let bounds: ClosedRange<Int>?
  /// What is asked.
  let trigger: Trigger
  /// What was decided.
  let decision: ScalingDecision
  /// Whether the set may not go to zero; nil where its controller has not reported.
  let isActive: Bool?

  /// The number of replicas that the HPA sets.
  var replicas: Int { bounds.map { min(max(decision.value, $0.lowerBound), $0.upperBound) } ?? decision.value }

  /// For people: a line for each number.
  var text: String {
    var lines = ["\(key), by \(source):"] + (trigger.notes + decision.explanation).map { "  \($0)" }
    if let bounds, replicas != decision.value {
      lines.append("  the ScaledObject allows \(bounds.lowerBound) to \(bounds.upperBound): \(replicas)")
    }
    lines.append("GetMetrics gssReplicas=\(decision.value)")
    lines.append("IsActive \(isActive.map { "\($0)" } ?? "error: GameServerSet \(key) has not inited")")
    return lines.joined(separator: "\n")
  }

  /// For programs.
  var value: JSONValue {
    let counts = decision.snapshot.counts
    return [
      "set": .string(key.description), "source": .string(source), "replicas": number(decision.snapshot.set.replicas),
      "servers": number(counts.total), "none": number(counts.none), "waitToBeDeleted": number(counts.waiting),
      "free": number(decision.free), "coming": number(decision.coming), "minimum": number(decision.minimum),
      "maximum": decision.maximum.map(number) ?? .null, "metric": number(decision.value),
      "wanted": number(replicas), "active": isActive.map(JSONValue.bool) ?? .null,
      "because": .array((trigger.notes + decision.explanation).map(JSONValue.string)),
    ]
  }

  private func number(_ number: Int) -> JSONValue { .int(number) }
}
