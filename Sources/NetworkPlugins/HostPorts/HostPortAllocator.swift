public import Kubernetes
import Synchronization

/// Chooses host ports for new pods from what the cluster shows, so that replicas agree without sharing memory.
///
/// A choice costs the same however many pods there are: use is counted as pods come and go.
public final class HostPortAllocator: Sendable {
  /// How much of the range is in use.
  public struct Report: Sendable, Hashable {
    /// How many ports of the range may be given.
    public let usable: Int
    /// How many of these a pod holds, or was given and will hold.
    public let held: Int
    /// How many pods were given ports and are not in the store yet.
    public let handouts: Int
  }

  /// The ports that may be given.
  public let range: PortRange
  private let ledger: Mutex<HostPortLedger>

  /// An allocator that knows of no pods yet.
  public init(range: PortRange) {
    self.range = range
    ledger = Mutex(HostPortLedger(range))
  }

  /// Learns which ports are held from the pods of a store, now and from then on.
  public func observe(_ store: ObjectStore) {
    store.observe(.pods) { [self] old, new in
      ledger.withLock { $0.update(old?.as(Pod.self), new?.as(Pod.self)) }
    }
  }

  /// Chooses ports for a pod that is being created, and remembers the choice for 30 seconds or until the pod is in the store.
  ///
  /// - Parameters:
  ///   - own: ports that the pod itself declares, each once; they are nobody's to give.
  ///   - isDryRun: remembers nothing.
  /// - Returns: different ports, in the order of choice.
  /// - Throws: an internal error with the range and how many of it are in use, where it has fewer ports than the pod needs.
  public func allocate(
    _ count: Int, for pod: NamespacedName, in set: NamespacedName?, besides own: [Int] = [], isDryRun: Bool,
    at now: ContinuousClock.Instant
  ) throws(PluginError) -> [Int] {
    let (ports, report) = ledger.withLock { ledger in
      let ports = ledger.allocate(count, for: pod, in: set, besides: own, isDryRun: isDryRun, at: now)
      return (ports, ledger.report)
    }
    guard let ports else {
      throw PluginError(
        .internal,
        "insufficient port range: \(pod) needs \(count) host ports but the range \(range.minPort) to \(range.maxPort) "
          + "only has \(report.usable), of which \(report.held) are in use"
          + (own.isEmpty ? "" : "; the pod declares \(own.map(String.init).joined(separator: ", ")) itself"))
    }
    return ports
  }

  /// How many pods hold a port, those included that were given it and are not in the store yet; 0 outside the range.
  public func holderCount(_ port: Int) -> Int {
    ledger.withLock { $0.usage.bounds.contains(port) ? $0.usage.holderCount(port) : 0 }
  }

  /// How much of the range is in use.
  public var report: Report { ledger.withLock { $0.report } }
}

extension HostPortLedger {
  fileprivate var report: HostPortAllocator.Report {
    HostPortAllocator.Report(usable: usage.usableCount, held: usage.heldCount, handouts: handoutCount)
  }
}
