import JSON
import Kubernetes
import NetworkPlugins

/// A rule that finds what is allowed but likely not meant.
protocol AdviceRule: Sendable {
  /// What the rule says of a set; nothing where it is content.
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding]
}

/// All rules of advice.
enum Advice {
  static let rules: [any AdviceRule] = [
    HostPortRangeAdvice(), LoadBalancerPortAdvice(),
    MovingImageTagAdvice(), FrozenEnvironmentAdvice(), RestartPolicyAdvice(), InPlaceGraceAdvice(),
  ]

  /// What all rules say of an object; only sets are looked at.
  static func findings(_ object: KubernetesObject, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard object.kind == Resource.gameServerSets.kind else { return [] }
    let set = object.as(GameServerSet.self)
    return rules.flatMap { $0.advice(set, configuration) }
  }
}

extension GameServerSet {
  /// What is done with running pods on an update; an absent policy counts as `ReCreate`.
  var podUpdatePolicy: String { spec?["updateStrategy"]?["rollingUpdate"]?["podUpdatePolicy"]?.string ?? "ReCreate" }

  /// Whether running pods may be updated in place.
  var updatesInPlace: Bool { podUpdatePolicy == "InPlaceIfPossible" || podUpdatePolicy == "InPlaceOnly" }

  /// The line of the policy, or of what stands around it.
  static let podUpdatePolicyField = "spec.updateStrategy.rollingUpdate.podUpdatePolicy"
}
