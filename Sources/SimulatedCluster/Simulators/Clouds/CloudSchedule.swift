import Kubernetes
import Synchronization

/// When a simulated cloud answers the objects of one kind: it takes its time with each, and leaves some without an answer.
final class CloudSchedule: Sendable {
  private let usual: LoadBalancerAnswer
  private let keys = KeyTimers()
  private let script = Mutex<[NamespacedName: LoadBalancerAnswer]>([:])
  /// Since when objects wait, by uid; an entry goes with its object.
  private let asked = Mutex<[String: Timestamp]>([:])

  /// Follows the objects of a kind in a store.
  ///
  /// - Parameter usual: how the cloud answers where a script does not say otherwise.
  init(_ resource: Resource, in cluster: ObjectStore, usual: LoadBalancerAnswer) {
    self.usual = usual
    cluster.observe(resource) { [self] old, new in
      if let new { keys.mark(new.key) }
      if let old, old.metadata.uid != new?.metadata.uid { settle(old) }
    }
  }

  /// Says how the cloud answers one object from now on.
  func script(_ key: NamespacedName, _ answer: LoadBalancerAnswer) {
    script.withLock { $0[key] = answer }
    keys.mark(key)
  }

  /// The next moment at which the cloud has done something.
  var nextDue: Timestamp? { keys.next }

  /// The objects to look at.
  func take(now: Timestamp) -> [NamespacedName] { keys.take(now: now) }

  /// Writes the cloud's answer; what fails comes up again a second later, unless the object is gone.
  func write(
    _ key: NamespacedName, _ now: Timestamp, _ body: () async throws(KubernetesError) -> Void
  ) async -> Bool {
    do throws(KubernetesError) {
      try await body()
      return true
    } catch {
      if error.code != .notFound { keys.mark(key, at: now + .seconds(1)) }
      return false
    }
  }

  /// Whether the cloud has had its time with an object; else it comes up when that is so, or never.
  ///
  /// The time counts from the first call for the object.
  func isDue(_ object: KubernetesObject, _ now: Timestamp) -> Bool {
    let start = asked.withLock { asked in
      let start = asked[object.metadata.uid] ?? now
      asked[object.metadata.uid] = start
      return start
    }
    guard case .after(let delay) = script.withLock({ $0[object.key] }) ?? usual else { return false }
    guard now < start + delay else { return true }
    keys.mark(object.key, at: start + delay)
    return false
  }

  /// Lets the cloud take its time anew when the object asks for something else.
  func settle(_ object: KubernetesObject) { asked.withLock { $0[object.metadata.uid] = nil } }
}
