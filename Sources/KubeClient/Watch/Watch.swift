import JSON
public import Kubernetes
import Logging

/// Follows the objects of a resource for as long as it runs: a list, then what changes, then a list again where that is needed.
///
/// What it delivers, applied in order, always leads to a state that the API server had; nothing is lost or invented across broken
/// connections, restarts of the server and expired versions.
public struct Watch: Sendable {
  /// What became known.
  public enum Change: Sendable {
    /// These are all the objects there are; packed, because they may be many thousands.
    case replaced([PackedObject])
    /// The object is new or changed.
    case set(KubernetesObject)
    /// The object is gone.
    case removed(NamespacedName)
  }

  /// The objects of the pages of a list that is not complete yet.
  private struct Collected {
    var packer = ObjectPacker()
    var objects: [PackedObject] = []
  }

  /// A stream that lived so long may be opened again at once.
  static let longLife = Duration.seconds(10)

  let client: KubeClient
  let resource: Resource
  let selection: ObjectSelection
  let trim: ObjectTrim

  /// Describes a watch; ``run(_:)`` starts it.
  public init(
    _ client: KubeClient, _ resource: Resource, _ selection: ObjectSelection = ObjectSelection(),
    trim: ObjectTrim? = nil
  ) {
    self.client = client
    self.resource = resource
    self.selection = selection
    self.trim = trim ?? ObjectTrim(resource)
  }

  /// Follows the resource until the task is cancelled.
  public func run(_ apply: @Sendable (Change) -> Void) async {
    var machine = StateMachine()
    var collected = Collected()
    while !Task.isCancelled {
      if machine.delay > .zero {
        // A cancelled sleep ends the loop above.
        try? await Task.sleep(for: machine.delay)
        if Task.isCancelled { return }
      }
      switch machine.next {
      case .list(let version, let limit, let continuation):
        if continuation == nil { collected = Collected() }
        let isComplete = await list(version, limit, continuation, &machine, into: &collected)
        if isComplete {
          apply(.replaced(collected.objects))
          collected = Collected()
        }
      case .watch(let version): await follow(version, &machine, apply)
      case .read: preconditionFailure("a stream is read where it is opened")
      }
    }
  }

  /// Gets a page; answers whether the list is complete with it.
  private func list(
    _ version: ListVersion, _ limit: Int?, _ continuation: String?, _ machine: inout StateMachine,
    into collected: inout Collected
  ) async -> Bool {
    do throws(KubernetesError) {
      let page = try await client.page(resource, selection, version: version, limit: limit, continuation: continuation)
      for item in page.items { collect(item, into: &collected) }
      return machine.listed(version: page.resourceVersion, continuation: page.continuation) == .complete
    } catch {
      note("list", error)
      machine.listFailed(error, random: .random(in: 0..<1))
      return false
    }
  }

  private func collect(_ item: JSONView, into collected: inout Collected) {
    guard let object = try? trim.object(item), !object.name.isEmpty else {
      return skip("an item of a list without a name")
    }
    collected.objects.append(collected.packer.pack(object))
  }

  /// Opens a stream and reads it to its end.
  private func follow(_ version: String, _ machine: inout StateMachine, _ apply: (Change) -> Void) async {
    let start = ContinuousClock.now
    do throws(KubernetesError) {
      let session = try await client.watch(resource, selection, from: version, trim: trim)
      while true {
        switch await session.next() {
        case .opened: machine.opened()
        case .events(let events):
          client.metrics.receivedEvents(resource.plural, events.count)
          guard take(events, &machine, apply) else { return }
        case .ended(let error): return await end(error, start, &machine)
        }
      }
    } catch {
      await end(error, start, &machine)
    }
  }

  /// Applies events in order; answers whether the stream goes on.
  private func take(_ events: [WatchEvent], _ machine: inout StateMachine, _ apply: (Change) -> Void) -> Bool {
    for event in events {
      guard machine.received(event, random: .random(in: 0..<1)) else {
        if case .error(let error) = event { note("watch", error) }
        return false
      }
      switch event {
      case .set(let object): apply(.set(object))
      case .deleted(let object): apply(.removed(object.key))
      case .bookmark, .error: break
      case .undecodable(let reason): skip(reason)
      }
    }
    return true
  }

  private func end(
    _ error: KubernetesError?, _ start: ContinuousClock.Instant, _ machine: inout StateMachine
  ) async {
    guard !Task.isCancelled else { return }
    if let error { note("watch", error) }
    if error?.code == .unauthorized { await client.renewCredentials() }
    client.metrics.restartedWatch(resource.plural, reason: error.map { "\($0.code)" } ?? "end")
    machine.ended(error, hasLived: start.duration(to: .now) >= Self.longLife, random: .random(in: 0..<1))
  }

  private func note(_ what: String, _ error: KubernetesError) {
    guard !Task.isCancelled else { return }
    client.log.notice(
      "a \(what) failed and is tried again", metadata: ["resource": "\(resource)", "error": "\(error)"])
  }

  private func skip(_ reason: String) {
    client.metrics.skippedObject(resource.plural)
    client.log.error("an object is left out", metadata: ["resource": "\(resource)", "reason": "\(reason)"])
  }
}
