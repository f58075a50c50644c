public import Kubernetes
import Synchronization

/// Faults by rules: which calls fail or are slow, and how often.
public final class ScriptedFaults: FaultPlan {
  /// One rule; of several that fit a call, the first decides.
  public struct Rule: Sendable {
    /// What happens to a call.
    public enum Effect: Sendable {
      /// It fails.
      case failure(KubernetesError)
      /// It is held for so long, and then goes well.
      case delay(Duration)
    }

    /// The verbs that the rule is for; none means all.
    public var verbs: Set<String>
    /// The resource that the rule is for; nil means all.
    public var resource: Resource?
    /// The name of the object; nil means all.
    public var name: String?
    /// What happens.
    public var effect: Effect
    /// One call in so many is hit: 1 is every call.
    public var every: Int
    /// How many calls are hit before the rule is over; nil means no end.
    public var limit: Int?

    /// A rule for calls.
    public init(
      _ effect: Effect, verbs: Set<String> = [], resource: Resource? = nil, name: String? = nil, every: Int = 1,
      limit: Int? = nil
    ) {
      precondition(every > 0, "one call in none cannot be hit")
      self.verbs = verbs
      self.resource = resource
      self.name = name
      self.effect = effect
      self.every = every
      self.limit = limit
    }
  }

  private struct Entry {
    let rule: Rule
    var calls = 0
    var hits = 0
  }

  private let entries: Mutex<[Entry]>

  /// Faults of these rules.
  public init(_ rules: [Rule]) { entries = Mutex(rules.map { Entry(rule: $0) }) }

  /// How many calls were hit, by rule.
  public var hits: [Int] { entries.withLock { $0.map(\.hits) } }

  /// The failure of a call, where a rule has one for it.
  public func failure(
    verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String
  ) -> KubernetesError? {
    let effect = hit(verb, resource, key) { if case .failure = $0 { true } else { false } }
    if case .failure(let error) = effect { return error }
    return nil
  }

  /// How long a call is held, where a rule says so.
  public func delay(verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String) -> Duration? {
    let effect = hit(verb, resource, key) { if case .delay = $0 { true } else { false } }
    if case .delay(let duration) = effect { return duration }
    return nil
  }

  private func hit(
    _ verb: String, _ resource: Resource, _ key: NamespacedName, _ isKind: (Rule.Effect) -> Bool
  ) -> Rule.Effect? {
    entries.withLock { entries in
      for place in entries.indices {
        let rule = entries[place].rule
        guard isKind(rule.effect), rule.verbs.isEmpty || rule.verbs.contains(verb),
          rule.resource?.isSameKind(as: resource) ?? true, rule.name.map({ $0 == key.name }) ?? true,
          rule.limit.map({ entries[place].hits < $0 }) ?? true
        else { continue }
        entries[place].calls += 1
        guard entries[place].calls.isMultiple(of: rule.every) else { continue }
        entries[place].hits += 1
        return rule.effect
      }
      return nil
    }
  }
}
