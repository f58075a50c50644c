public import Kubernetes

/// Chooses host ports for new pods from what the cluster shows, so that replicas agree without sharing memory.
public final class HostPortAllocator: Sendable {
  /// The ports that may be given.
  public let range: PortRange

  /// An allocator that knows of no pods yet.
  public init(range: PortRange) { self.range = range }

  /// Learns which ports are held from the pods of a store, now and from then on.
  public func observe(_ store: ObjectStore) {}
}
