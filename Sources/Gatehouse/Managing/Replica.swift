import Admission
import Controllers
import GameAdmission
import HotReload
import KubeClient
import Kubernetes
import Logging
import NetworkPlugins
import Scaler
import TLS
import Telemetry

/// One replica of the manager: reviews, probes and the scaler from stores that watches fill, and the controllers while it leads.
///
/// Several may run in one process, each with a registry of its own.
final class Replica: Sendable {
  /// How long queues may take to run empty at the end; what is left then is done by the next leader, from what it finds.
  private static let drainLimit = Duration.seconds(10)

  /// How long controllers wait for the webhooks to be registered.
  private static let registrationLimit = Duration.seconds(15)

  private let settings: ReplicaSettings
  private let registry: MetricRegistry
  private let log: Logger
  private let client: KubeClient
  private let store: ObjectStore
  private let readiness = Readiness([.stores, .reviews])
  private let ports: ServingPorts
  private let informers: Informers
  private let cloudWatch: CloudWatch
  private let registration: RegistrationWork?
  private let work: LeaderWork
  private let traces: TraceWork?
  private let events: [String: EventWriter]
  private let stopping = StopSignal()

  /// Prepares a replica; nothing is opened and nobody is asked yet.
  init(_ settings: ReplicaSettings, _ registry: MetricRegistry, _ log: Logger) {
    (self.settings, self.registry, self.log) = (settings, registry, log)
    traces = settings.tracing.map { TraceWork($0, registry, log) }
    client = KubeClient(
      settings.client, metrics: ClientMetrics(registry), environment: settings.environment, log: log)
    store = ObjectStore(packed: WatchedResources.packed)
    ports = ServingPorts(settings.serving, readiness, registry, log)
    informers = Informers(
      client, store, WatchedResources.games(namespace: settings.watchedNamespace), registry: registry)
    registration = RegistrationWork(settings, client, log)
    let clouds = PluginRegistry.cloudResources(of: settings.policy.configuration)
    cloudWatch = CloudWatch(
      client: client, store: store, resources: clouds, namespace: settings.watchedNamespace, log: log)
    let games = ControllerList(
      setWorkers: settings.setWorkers, serverWorkers: settings.serverWorkers, stateNews: settings.stateNews,
      cloudResources: clouds
    ).all
    let own = registration.map { [($0.controller, $0.store)] } ?? []
    work = LeaderWork(games.map { [store] in ($0, store) } + own, resync: settings.resync, registry, log)
    var events: [String: EventWriter] = [:]
    for controller in games {
      events[controller.name] = EventWriter(client, component: controller.name, instance: settings.instance, log: log)
    }
    self.events = events
    // Sums over replicas would count each server as often as there are replicas.
    GameMetrics(store).register(in: registry) { [work] in work.isLeading }
    HotReloadMetrics(store).register(in: registry) { [work] in work.isLeading }
    _ = StartMetrics(store, registry) { [work] in work.isLeading }
  }

  /// The ports, for who renews certificates by hand.
  var servingPorts: ServingPorts { ports }

  /// Asks for the end: readiness turns false, reviews in flight are answered, watches end, queues run empty, the lease is released.
  ///
  /// - Parameter grace: how long connections are still taken, so that endpoints have time to notice.
  func stop(grace: Duration) { stopping.send(.asked(grace: grace)) }

  /// Lives until ``stop(grace:)`` or the task is cancelled, and ends in order.
  ///
  /// - Parameter whenReady: called once, when reviews are welcome.
  /// - Throws: ``CommandFailure`` where a port cannot be opened; everything has ended then too.
  func run(whenReady: @escaping @Sendable (ServingAddresses) -> Void) async throws(CommandFailure) {
    announce()
    let delivery = Task { [traces] in await traces?.run() }
    let watches = Task { await watch() }
    let life = Task { await live(whenReady) }
    let reason = await stopping.wait()
    // A task of its own: the way to the end has to be gone also where this one is cancelled.
    await Task {
      await end(reason, watches, life)
      // Last of all, with what the end itself did.
      traces?.close()
      await delivery.value
    }.value
    if case .failed(let failure) = reason { throw failure }
  }

  /// Says how the replica is set, in the words of OpenKruiseGame's log line.
  private func announce() {
    log.notice(
      "service configuration snapshot",
      metadata: [
        "game.kruise.io.event": "service.ready", "api_server": "\(settings.client.endpoint.server)",
        "leader_election": "\(settings.election != .none)", "webhook.bind_address": "\(settings.serving.admission)",
        "healthz.bind_address": "\(settings.serving.health)", "scale_server.bind_address": "\(settings.serving.scaler)",
        "metrics.bind_address": "\(settings.serving.metrics ?? settings.serving.health)",
        "sync_period": "\(settings.resync.map { "\($0)" } ?? "")",
        "namespace_scope": "\(settings.watchedNamespace ?? "")", "service.version": "\(Gatehouse.version)",
      ])
  }

  /// The one place in which a replica ends.
  private func end(_ reason: StopSignal.Reason, _ watches: Task<Void, Never>, _ life: Task<Void, Never>) async {
    let grace: Duration =
      if case .asked(let grace) = reason { grace } else { .zero }
    ports.drain(grace: grace)
    await BlockingCall.run { [ports] in ports.join() }
    watches.cancel()
    work.finish()
    if !work.isLeading { life.cancel() }
    let limit = Task {
      try? await Task.sleep(for: Self.drainLimit)
      life.cancel()
    }
    await life.value
    limit.cancel()
    await watches.value
    await BlockingCall.run { [client] in client.shutDown() }
  }

  /// Fills the stores and writes events.
  private func watch() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.informers.run() }
      group.addTask { await self.cloudWatch.run() }
      for writer in events.values { group.addTask { await writer.run() } }
      if let registration { group.addTask { await registration.watch() } }
    }
  }

  private func live(_ whenReady: @Sendable (ServingAddresses) -> Void) async {
    do throws(CommandFailure) {
      guard let (addresses, decider) = try await open() else { return }
      guard await sync() else { return }
      readiness.set(.stores, true)
      whenReady(addresses)
      await lead(decider)
    } catch {
      stopping.send(.failed(error))
    }
  }

  /// Opens the ports, the one for reviews once there is a certificate; nil where the replica was asked to end first.
  private func open() async throws(CommandFailure) -> (ServingAddresses, Decider)? {
    let health = try ports.openHealth()
    let metrics = try ports.openMetrics()
    log.info("probes are answered", metadata: ["address": "\(health)"])
    let scaler = try ports.openScaler(store)
    let persistence = Persistence(log: log)
    let version = await persistence.value("read the API server's version") { try await ServerVersion.read(client) }
    guard let version else { return nil }
    var policy = settings.policy
    policy.supportsNativeSidecars = policy.supportsNativeSidecars && version >= .nativeSidecars
    let decider = Decider(store, policy)
    for problem in decider.problems { log.warning("\(problem)") }
    NetworkMetrics(decider.loadBalancers).register(in: registry)
    guard let identity = await identity(persistence) else { return nil }
    let handlers = decider.admission.handlers(tracer: traces?.tracer) {
      AdmissionStatistics(registry, path: $0.rawValue)
    }
    let https = try ports.openAdmission(handlers, identity)
    registration?.opened(https, ShownCertificate(identity, ports, registry, log))
    return (ServingAddresses(https: https, health: health, scaler: scaler, metrics: metrics), decider)
  }

  private func identity(_ persistence: Persistence) async -> Identity? {
    switch settings.registration {
    case .none(let identity): identity
    case .managed:
      await persistence.value("get the shared certificates") { try await registration?.certificates().serving } ?? nil
    }
  }

  /// Waits for the stores, and says what is missing where that takes long; false where the replica was asked to end first.
  private func sync() async -> Bool {
    let complaint = Task {
      while true {
        try await Task.sleep(for: .seconds(10))
        let missing = informers.resources.filter { !store.hasSynced($0) }.map(\.description).joined(separator: ", ")
        log.warning("waiting for the first list of \(missing); `gatehouse check` tells what is wrong")
      }
    }
    defer { complaint.cancel() }
    return await informers.waitUntilSynced()
  }

  private func lead(_ decider: Decider) async {
    switch settings.election {
    case .none: await term(client, decider)
    case .lease(let timing):
      // Another name in every life, because the lease of an earlier one may still stand.
      let identity = "\(settings.instance)_\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      let election = LeaderElection(
        client, lease: NamespacedName(settings.namespace, ReplicaSettings.leaseName), identity: identity,
        timing: timing, log: log)
      _ = await election.run { [self] client in await term(client, decider) }
    }
  }

  /// Registers the webhooks before any controller makes a pod: those of a first start would come without ports and sidecars.
  ///
  /// Not for ever: where the registration is refused, the servers that exist still have to be looked after, and it is tried on and on.
  private func registerFirst(_ client: any ClusterClient) async {
    guard let registration else { return }
    let attempt = Task {
      await Persistence(log: log).value("register the webhooks") { try await registration.register(client) }
    }
    let limit = Task {
      try await Task.sleep(for: Self.registrationLimit)
      attempt.cancel()
    }
    await withTaskCancellationHandler {
      _ = await attempt.value
    } onCancel: {
      attempt.cancel()
    }
    limit.cancel()
  }

  /// Runs the controllers for one term of leadership.
  private func term(_ client: any ClusterClient, _ decider: Decider) async {
    let features = await Persistence(log: log).value("read the definition of Advanced StatefulSets") {
      try await WorkloadFeatures.read(client)
    }
    guard let features else { return }
    await registerFirst(client)
    let (events, log) = (events, log)
    await work.run(
      ControllerContext(
        cluster: store, client: client,
        events: { name -> any EventRecorder in events[name] ?? SilentRecorder(log: log) as any EventRecorder },
        features: features, patience: settings.patience, admission: { pod in decider.admission.additions(to: pod) },
        plugins: decider.plugins, loadBalancers: decider.loadBalancers,
        isStrict: settings.policy.validation == .strict, hotReload: decider.hotReload, tracer: traces?.tracer,
        registry: registry))
  }
}

/// Takes events of a controller that writes none.
private struct SilentRecorder: EventRecorder {
  let log: Logger

  func record(_ event: ClusterEvent, on object: ObjectReference) {
    log.debug("an event nobody writes", metadata: ["reason": "\(event.reason)", "object": "\(object.key)"])
  }
}
