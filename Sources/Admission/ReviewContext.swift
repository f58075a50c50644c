/// What accumulates while one review is decided: warnings, audit annotations and, where somebody asked, who did what and why.
public struct ReviewContext: Sendable {
  /// How much a warning matters; where there is no room for all, those that matter least are left out.
  public enum Importance: Int, Sendable, Comparable {
    /// Something will not work.
    case high
    /// Something is doubtful.
    case normal
    /// Something could be better.
    case low

    /// Orders from the most important on.
    public static func < (one: Importance, other: Importance) -> Bool { one.rawValue < other.rawValue }
  }

  private struct Warning: Sendable {
    let importance: Importance
    let text: String
  }

  /// The longest warning in characters, and the most characters of all: what Kubernetes asks of webhooks, and where the API server
  /// starts to cut.
  public static let warningLength = 120, warningsLength = 4_096
  /// The longest value of an audit annotation; each is a line of every audit log.
  public static let auditLength = 1_024

  /// When the review is given up.
  public let deadline: ContinuousClock.Instant
  /// The audit annotations, each key once.
  public private(set) var auditAnnotations: [(key: AuditKey, value: String)] = []
  /// What each mutator did; nil where nobody asked.
  public private(set) var reports: [MutatorReport]?

  /// Where spans of the review's steps belong; nil where it is not traced.
  let scope: SpanScope?

  private var collected: [Warning] = []
  /// How many warnings of one importance are kept: more than have room, however short they are.
  private static let collectedLimit = 256
  private let now: @Sendable () -> ContinuousClock.Instant

  /// A context without notes.
  ///
  /// - Parameter isExplaining: whether ``reports`` are kept, which makes texts that a server has no use for.
  public init(
    deadline: ContinuousClock.Instant, isExplaining: Bool = false,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.init(deadline: deadline, isExplaining: isExplaining, scope: nil, now: now)
  }

  init(
    deadline: ContinuousClock.Instant, isExplaining: Bool, scope: SpanScope?,
    now: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.deadline = deadline
    self.scope = scope
    self.now = now
    reports = isExplaining ? [] : nil
  }

  /// Tells the user of something that is allowed but doubtful; the text is cut to ``warningLength``.
  public mutating func warn(_ text: String, _ importance: Importance = .normal) {
    let text = AdmissionText.cut(AdmissionText.singleLine(text), to: ReviewContext.warningLength)
    // Two steps may find the same thing, and one message is enough.
    guard !collected.contains(where: { $0.text == text }),
      collected.count(where: { $0.importance == importance }) < ReviewContext.collectedLimit
    else { return }
    collected.append(Warning(importance: importance, text: text))
  }

  /// Records a fact in the audit log; a key that is there already keeps its first value, as in the API server.
  public mutating func audit(_ key: AuditKey, _ value: String) {
    guard !auditAnnotations.contains(where: { $0.key == key }) else { return }
    auditAnnotations.append((key, AdmissionText.cut(value, to: ReviewContext.auditLength)))
  }

  /// The warnings that have room, the most important first.
  public var warnings: [String] {
    guard !collected.isEmpty else { return [] }
    var room = ReviewContext.warningsLength
    // A sort by a key that is equal keeps the order, so warnings of one importance stay as they came.
    let sorted = [Importance.high, .normal, .low].flatMap { level in collected.filter { $0.importance == level } }
    return sorted.map(\.text).prefix {
      room -= $0.unicodeScalars.count
      return room >= 0
    }
  }

  /// Gives the review up once its deadline has passed.
  ///
  /// - Throws: ``ReviewFailure/unavailable(_:)``: nothing is decided, so nothing is silently allowed.
  public func checkDeadline() throws(ReviewFailure) {
    guard now() < deadline else { throw .unavailable("the deadline of the review has passed") }
  }
}

/// What one mutator did with an object, for people.
public struct MutatorReport: Sendable, Equatable {
  /// One remark of a mutator.
  public enum Remark: Sendable, Equatable {
    /// It changed something, for this reason.
    case acted(String)
    /// It left something alone, for this reason.
    case skipped(String)
  }

  /// The mutator's name.
  public let mutator: String
  /// What it did and why, in order.
  public var remarks: [Remark] = []

  /// Whether it changed anything.
  public var hasActed: Bool { remarks.contains { if case .acted = $0 { true } else { false } } }
}

extension ReviewContext {
  /// Whether anybody reads ``reports``.
  public var isExplaining: Bool { reports != nil }

  /// Starts the report of a mutator; the remarks that follow are its own.
  public mutating func begin(_ mutator: String) { reports?.append(MutatorReport(mutator: mutator)) }

  /// Says what was changed and why; the text is made only where somebody reads it.
  public mutating func acted(_ why: @autoclosure () -> String) {
    guard isExplaining else { return }
    remark(.acted(why()))
  }

  /// Says what was left alone and why; the text is made only where somebody reads it.
  public mutating func skipped(_ why: @autoclosure () -> String) {
    guard isExplaining else { return }
    remark(.skipped(why()))
  }

  private mutating func remark(_ remark: MutatorReport.Remark) {
    guard let last = reports?.indices.last else { return }
    reports?[last].remarks.append(remark)
  }
}
