import ArgumentParser
import Controllers
import KubeClient
import Kubernetes

/// How the API server comes to call this product, as `--webhook-registration` takes it.
enum RegistrationMode: String, CaseIterable, ExpressibleByArgument {
  case managed
  case none
}

/// What a manager does in its cluster, and with whom.
struct ManagerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "managed (the default): keep the certificates in a Secret and register the webhooks; none: somebody else does, with the pair of --cert-dir."
    ))
  var webhookRegistration: RegistrationMode?

  @Option(
    help: ArgumentHelp(
      "Register this address instead of the Service, for a manager outside of the cluster; without a port, that of --webhook-port.",
      valueName: "https://host[:port]"))
  var webhookUrl: String?

  @Option(
    help: ArgumentHelp(
      "The product's own namespace, for the Service, the Secret and the lease (default: POD_NAMESPACE, or kruise-game-system).",
      valueName: "name"))
  var webhookServiceNamespace: String?

  @Option(help: ArgumentHelp("The Service through which the API server calls.", valueName: "name"))
  var webhookServiceName = ReplicaSettings.usualService

  @Flag(inversion: .prefixedNo, help: "Run the controllers on one replica only, the one that holds the lease.")
  var leaderElect = true

  @Option(
    help: ArgumentHelp(
      "How long the lease holds without a renewal; a leader that cannot renew stops after two thirds of it.",
      valueName: "seconds"))
  var leaseSeconds = 15

  @Option(help: ArgumentHelp("Look at this namespace only (default: all of them).", valueName: "name"))
  var namespace: String?

  @Option(help: ArgumentHelp("GameServerSets that are worked on at once.", valueName: "count"))
  var gameserversetWorkers = 10

  @Option(help: ArgumentHelp("GameServers that are worked on at once.", valueName: "count"))
  var gameserverWorkers = 10

  @Flag(help: "Tell of each start and update of each server as an event too, not only of what nobody asked for.")
  var plannedEvents = false

  func validate() throws {
    if let webhookUrl, WebhookURL(webhookUrl) == nil {
      throw ValidationError("--webhook-url takes https://HOST or https://HOST:PORT, not \(webhookUrl).")
    }
    guard (3...300).contains(leaseSeconds) else {
      throw ValidationError("--lease-seconds takes 3 to 300, not \(leaseSeconds).")
    }
    for (flag, workers) in [
      ("--gameserverset-workers", gameserversetWorkers), ("--gameserver-workers", gameserverWorkers),
    ] where !(1...1000).contains(workers) {
      throw ValidationError("\(flag) takes 1 to 1000, not \(workers).")
    }
  }

  /// Who runs the controllers; the durations keep the proportions of Kubernetes' own 15, 10 and 2 seconds.
  var election: ReplicaSettings.Election {
    guard leaderElect else { return .none }
    let lease = Duration.seconds(leaseSeconds)
    return .lease(ElectionTiming(leaseDuration: lease, renewDeadline: lease / 3 * 2, retryPeriod: lease / 7.5))
  }

  /// The product's own namespace.
  func ownNamespace(_ environment: [String: String], _ cluster: ClusterOptions.Cluster) -> String {
    webhookServiceNamespace ?? environment.firstValue("OKG_NAMESPACE", "POD_NAMESPACE")
      ?? (cluster.isInside ? cluster.configuration.namespace : ReplicaSettings.usualNamespace)
  }

  /// Where the API server reaches this product.
  func address(namespace: String) -> ReplicaSettings.Address {
    webhookUrl.flatMap(WebhookURL.init).map(ReplicaSettings.Address.url)
      ?? .service(NamespacedName(namespace, webhookServiceName))
  }
}

extension NetworkPatience {
  /// OpenKruiseGame's variables, in whole seconds.
  ///
  /// - Throws: ``CommandFailure`` for one that is no whole number above 0: the manager of OpenKruiseGame ends then too.
  init(_ environment: [String: String]) throws(CommandFailure) {
    self.init()
    if let seconds = try Self.seconds("NETWORK_TOTAL_WAIT_TIME", environment) { total = seconds }
    if let seconds = try Self.seconds("NETWORK_PROBE_INTERVAL_TIME", environment) { interval = seconds }
  }

  private static func seconds(
    _ name: String, _ environment: [String: String]
  ) throws(CommandFailure) -> Duration? {
    guard let text = environment.firstValue(name) else { return nil }
    // A day is more than any network takes.
    guard let number = Int(text), (1...86_400).contains(number) else {
      throw CommandFailure("the variable \(name) takes whole seconds from 1 to 86400, not \(text)")
    }
    return .seconds(number)
  }
}
