/// Something that is wrong with, or doubtful about, a hot-reload configuration.
public struct HotReloadProblem: Sendable, Hashable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// It cannot work; admission denies.
    case error
    /// It works, but hardly as meant; admission warns.
    case warning
    /// Something to know; only `lint` says it.
    case advice
  }

  /// What was broken; the texts are the names that `lint` prints.
  public enum Rule: String, Sendable, CaseIterable {
    case annotation = "hot-reload-annotation"
    case unknownAnnotation = "hot-reload-unknown-annotation"
    case unusedAnnotation = "hot-reload-unused-annotation"
    case missingAnnotation = "hot-reload-missing-annotation"
    case mount = "hot-reload-mount"
    case subPath = "hot-reload-subpath"
    case container = "hot-reload-container"
    case volume = "hot-reload-volume"
    case processes = "hot-reload-processes"
    case user = "hot-reload-user"
    case mode = "hot-reload-mode"
    case missingSource = "hot-reload-missing-source"
    case recreate = "hot-reload-recreate"
    case guaranteed = "hot-reload-guaranteed"
    case staging = "hot-reload-staging"
    case operatingSystem = "hot-reload-os"
  }

  /// How bad it is.
  public let severity: Severity
  /// Which rule was broken.
  public let rule: Rule
  /// The whole key of the annotation, or the path of a field below the pod.
  public let field: String
  /// The value that stands there; empty where there is none.
  public let value: String
  /// What the rule looked at: the value, or more; equal in two objects where an update did not bring the problem.
  public let judged: String
  /// One sentence that names the field, the value and what is accepted.
  public let message: String

  /// Describes a problem of an annotation; the message becomes `KEY "VALUE" REASON`.
  init(_ severity: Severity, _ rule: Rule, _ annotation: HotReloadAnnotation, _ value: String, _ reason: String) {
    self.init(severity, rule, field: annotation.key, value: value, reason)
  }

  /// Describes a problem of a field; the message becomes `FIELD "VALUE" REASON`.
  ///
  /// - Parameter judged: what the rule looked at, where that is more than the value.
  init(
    _ severity: Severity, _ rule: Rule, field: String, value: String, judging judged: String? = nil, _ reason: String
  ) {
    self.severity = severity
    self.rule = rule
    self.field = field
    self.value = value
    self.judged = judged ?? value
    message = "\(field) \"\(HotReloadProblem.shorten(value))\" \(reason)"
  }

  /// Whether admission lets the object pass.
  public var isWarning: Bool { severity != .error }

  /// The message.
  public var description: String { message }

  /// An annotation may hold 256 KiB; 120 characters, the length of a Kubernetes warning, are enough to recognise a value.
  private static func shorten(_ value: String) -> String {
    value.utf8.count <= 120 ? value : String(value.prefix(117)) + "..."
  }
}

/// Why a hot-reload sidecar cannot be injected.
public struct HotReloadError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problem that stands in the way.
  public let problem: HotReloadProblem

  /// Refuses for a problem.
  public init(_ problem: HotReloadProblem) { self.problem = problem }

  /// The message of the problem.
  public var description: String { problem.message }
}
