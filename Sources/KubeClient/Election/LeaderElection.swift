import JSON
public import Kubernetes
public import Logging
import Telemetry

/// Campaigns for a `Lease` and runs the leader's work while this process holds it.
public struct LeaderElection: Sendable {
  /// Why ``run(_:)`` has returned.
  public enum End: Sendable, Equatable {
    /// The task was cancelled; the lease was given up where it was held.
    case cancelled
    /// The leader's work came to its end by itself; the lease was given up.
    case finished
  }

  /// Says whether this process leads now.
  public let fence = LeadershipFence()

  private let client: any ClusterClient
  private let lease: NamespacedName
  private let identity: String
  private let timing: ElectionTiming
  private let log: Logger

  /// Describes a campaign.
  ///
  /// - Parameter identity: Unlike that of every other candidate, those of earlier runs of the same pod included.
  public init(
    _ client: any ClusterClient, lease: NamespacedName, identity: String, timing: ElectionTiming = .standard,
    log: Logger = Logger(label: "leader-election")
  ) {
    self.client = client
    self.lease = lease
    self.identity = identity
    self.timing = timing
    self.log = log
  }

  /// Runs `lead` whenever this process leads, with a client that stops writing when it does not.
  ///
  /// Where the lease is lost, `lead` is cancelled, waited for, and the campaign begins again.
  public func run(_ lead: @escaping @Sendable (FencedClient) async -> Void) async -> End {
    var candidate = Candidate(identity: identity, timing: timing)
    while await campaign(&candidate) {
      log.notice("leading", metadata: ["lease": "\(lease)", "identity": "\(identity)"])
      let (after, hasFinished) = await hold(candidate, lead)
      candidate = after
      fence.close()
      log.notice("no longer leading", metadata: ["lease": "\(lease)", "identity": "\(identity)"])
      guard !hasFinished, !Task.isCancelled else {
        await resign(candidate)
        return hasFinished ? .finished : .cancelled
      }
    }
    return .cancelled
  }

  /// Takes steps until this process leads; false when the task was cancelled first.
  private func campaign(_ candidate: inout Candidate) async -> Bool {
    while !Task.isCancelled {
      await step(&candidate)
      if case .leader = candidate.role { return true }
    }
    await resign(candidate)
    return false
  }

  private enum Ending: Sendable {
    case lost(Candidate)
    case worked
  }

  /// Renews beside the leader's work until one of them ends; answers what the candidate knows then.
  private func hold(
    _ candidate: Candidate, _ lead: @escaping @Sendable (FencedClient) async -> Void
  ) async -> (Candidate, hasFinished: Bool) {
    let fenced = FencedClient(client, fence)
    return await withTaskGroup(of: Ending.self) { group in
      group.addTask { .lost(await renew(candidate)) }
      group.addTask {
        await lead(fenced)
        return .worked
      }
      var last = candidate
      var hasFinished = false
      for await ending in group {
        switch ending {
        case .lost(let candidate): last = candidate
        case .worked: hasFinished = !Task.isCancelled && fence.isOpen
        }
        group.cancelAll()
      }
      return (last, hasFinished)
    }
  }

  /// Takes steps until the lease is lost or the task is cancelled.
  private func renew(_ candidate: Candidate) async -> Candidate {
    var candidate = candidate
    while !Task.isCancelled {
      await step(&candidate)
      guard case .leader = candidate.role else { break }
    }
    return candidate
  }

  private func step(_ candidate: inout Candidate) async {
    switch candidate.next(.now, .now(), random: .random(in: 0..<1)) {
    case .wait(let time): try? await Task.sleep(for: time)
    case .lost:
      fence.close()
      log.warning("the lease is lost", metadata: ["lease": "\(lease)", "holder": "\(candidate.holder)"])
    case .read: await read(&candidate)
    case .create(let record): await write(record, nil, &candidate)
    case .update(let record, let version): await write(record, version, &candidate)
    }
  }

  private func read(_ candidate: inout Candidate) async {
    let result = await bounded { () throws(KubernetesError) in try await client.get(.leases, lease) }
    switch result {
    case .success(let lease):
      candidate.read(LeaseRecord(lease), version: lease.metadata.resourceVersion, .now)
    case .failure(let error) where error.code == .notFound: candidate.read(nil, version: "", .now)
    case .failure(let error): failed("read", error, &candidate)
    }
  }

  private func write(_ record: LeaseRecord, _ version: String?, _ candidate: inout Candidate) async {
    let start = ContinuousClock.now
    switch await bounded({ () throws(KubernetesError) in try await store(record, version) }) {
    case .success(let lease):
      candidate.wrote(record, version: lease.metadata.resourceVersion, startedAt: start, .now)
      if case .leader(let renewedAt) = candidate.role { fence.open(renewedAt: renewedAt, timing) }
    case .failure(let error): failed("write", error, &candidate)
    }
  }

  /// A patch and not a replacement, so that labels and owners that others put on the lease stay; its version makes it conditional.
  private func store(_ record: LeaseRecord, _ version: String?) async throws(KubernetesError) -> KubernetesObject {
    guard let version else {
      let object: JSONValue = [
        "apiVersion": .string(Resource.leases.apiVersion), "kind": "Lease",
        "metadata": ["name": .string(lease.name), "namespace": .string(lease.namespace)], "spec": record.value,
      ]
      return try await client.create(.leases, namespace: lease.namespace, object)
    }
    return try await client.patch(
      .leases, lease, .merge(["metadata": ["resourceVersion": .string(version)], "spec": record.value]))
  }

  /// A call about the lease takes no longer than the renew deadline: later its answer would be of no use.
  private func bounded(
    outlivesTask: Bool = false, _ call: () async throws(KubernetesError) -> KubernetesObject
  ) async -> Result<KubernetesObject, KubernetesError> {
    let end = ContinuousClock.now + timing.renewDeadline / 2
    return await RequestDeadline.$current.withValue(
      RequestDeadline(start: end, end: end, outlivesTask: outlivesTask)
    ) {
      do throws(KubernetesError) {
        return .success(try await call())
      } catch {
        return .failure(error)
      }
    }
  }

  private func failed(_ what: String, _ error: KubernetesError, _ candidate: inout Candidate) {
    if !Task.isCancelled, error.code != .conflict, error.code != .alreadyExists {
      log.warning("cannot \(what) the lease", metadata: ["lease": "\(lease)", "error": "\(error)"])
    }
    candidate.failed(.now, random: .random(in: 0..<1))
  }

  /// Gives the lease up, so that the next leader need not wait for it to run out.
  ///
  /// The task is cancelled as a rule when this is called, so the request has to outlive that; its time is bounded like that of every call
  /// about the lease.
  private func resign(_ candidate: Candidate) async {
    fence.close()
    guard let (record, version) = candidate.resignation(.now()) else { return }
    var result = await bounded(outlivesTask: true) { () throws(KubernetesError) in try await store(record, version) }
    if case .failure(let error) = result, error.code == .conflict {
      // A renewal that was broken off may have arrived all the same: the lease then has another version and the same holder.
      result = await bounded(outlivesTask: true) { () throws(KubernetesError) in
        let current = try await client.get(.leases, lease)
        guard LeaseRecord(current).holder == identity else { return current }
        return try await store(record, current.metadata.resourceVersion)
      }
    }
    if case .failure(let error) = result {
      log.notice("the lease was not given up", metadata: ["lease": "\(lease)", "error": "\(error)"])
    }
  }
}
