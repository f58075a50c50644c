import GameAdmission
import JSON
import Kubernetes
import NetworkPlugins

/// Everything there is to say of one manifest.
struct ManifestLint {
  private let admission: GameAdmission
  private let configuration: ProviderConfiguration

  init(_ decider: Decider) {
    admission = decider.admission
    configuration = decider.configuration
  }

  /// The findings in the order of their lines, each once.
  func findings(_ manifest: Manifest) -> [PlacedFinding] {
    let found =
      TypeRules.findings(manifest.object) + validation(manifest.object)
      + Advice.findings(manifest.object, configuration)
    var seen: Set<PlacedFinding> = []
    return found.map { PlacedFinding($0, in: manifest) }
      .filter { seen.insert($0).inserted }
      .sorted { ($0.line, $0.finding.level) < ($1.line, $1.finding.level) }
  }

  /// What validation says; a pod template is checked as the pod that it makes.
  private func validation(_ object: KubernetesObject) -> [LintFinding] {
    guard object.kind == "PodTemplate", let template = object.json["template"], template.isObject else {
      return admission.validate(object).map { LintFinding($0, prefix: "") }
    }
    var pod = JSONValue(template)
    pod["apiVersion"] = "v1"
    pod["kind"] = "Pod"
    return admission.validate(KubernetesObject(pod)).map { LintFinding($0, prefix: "template.") }
  }
}

extension LintFinding {
  fileprivate init(_ finding: Finding, prefix: String) {
    let level: Level =
      switch finding.severity {
      case .error: .error
      case .warning: .warning
      case .advice: .advice
      }
    self.init(level: level, field: prefix + finding.fieldPath, message: finding.message, rule: finding.rule)
  }
}
