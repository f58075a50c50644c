import HotReload
import Kubernetes
import NetworkPlugins

/// What the hot-reload rules say beyond what the server refuses and warns of.
struct HotReloadAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    HotReloadRules.problems(gameServerSet: set, defaults: DecisionOptions.hotReload)
      .filter { $0.severity == .advice }
      .map {
        LintFinding(level: .advice, field: HotReloadAdvice.field($0.field), message: $0.message, rule: $0.rule.rawValue)
      }
  }

  /// Where an annotation of the template stands; other fields are told from the root already.
  static func field(_ field: String) -> String {
    field.hasPrefix(HotReloadAnnotation.prefix) ? "spec.gameServerTemplate.metadata.annotations[\(field)]" : field
  }
}
