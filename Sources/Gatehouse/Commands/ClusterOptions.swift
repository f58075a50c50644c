import ArgumentParser
import KubeClient
import Kubernetes

/// Which cluster a command talks to, and how much it asks of it.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kubeconfig that says where the cluster is.",
      discussion: "Without it: KUBECONFIG, then the pod's service account, then ~/.kube/config.", valueName: "file"))
  var kubeconfig: String?

  @Option(help: ArgumentHelp("The context of the kubeconfig (default: its current one).", valueName: "name"))
  var context: String?

  @Option(
    name: [.customLong("api-qps"), .customLong("api-server-qps")],
    help: ArgumentHelp(
      "Requests per second to the API server in the long run (default: 50; 0 is the default too).",
      valueName: "number"))
  var queriesPerSecond = 0.0

  @Option(
    name: [.customLong("api-burst"), .customLong("api-server-qps-burst")],
    help: ArgumentHelp(
      "Requests at once after a pause (default: 100, and never below --api-qps; 0 is the default too).",
      valueName: "number"))
  var burst = 0

  func validate() throws {
    // OpenKruiseGame's manager takes its defaults for what is below zero too.
    guard queriesPerSecond <= 10_000 else {
      throw ValidationError("--api-qps takes 0 to 10000, not \(queriesPerSecond).")
    }
    guard burst <= 20_000 else { throw ValidationError("--api-burst takes 0 to 20000, not \(burst).") }
  }

  /// The cluster of these options.
  struct Cluster {
    /// Everything that a client must know.
    let configuration: ClientConfiguration
    /// Whether the process runs in a pod of it.
    let isInside: Bool
  }

  /// Finds out where the cluster is.
  ///
  /// - Throws: ``CommandFailure`` that says what was looked for and what to do.
  func cluster(_ environment: [String: String]) throws(CommandFailure) -> Cluster {
    var (configuration, isInside) = try find(environment)
    if queriesPerSecond > 0 { configuration.limits.queriesPerSecond = queriesPerSecond }
    if burst > 0 { configuration.limits.burst = burst }
    configuration.limits.burst = max(
      configuration.limits.burst, Int(configuration.limits.queriesPerSecond.rounded(.up)))
    configuration.userAgent = "gatehouse/\(Gatehouse.version)"
    return Cluster(configuration: configuration, isInside: isInside)
  }

  /// Asks the cluster of these options something, with a client of its own.
  ///
  /// - Parameter ask: gets the client and the address of the API server.
  /// - Throws: ``CommandFailure`` where no cluster is known, or it cannot be asked.
  func ask<Answer: Sendable>(
    _ ask: @escaping @Sendable (KubeClient, _ server: String) async throws(KubernetesError) -> Answer
  ) throws -> Answer {
    let environment = ProcessEnvironment.read()
    let configuration = try cluster(environment).configuration
    let server = configuration.endpoint.server
    let answer = try AsyncWork.run { () async -> Result<Answer, KubernetesError> in
      let client = KubeClient(configuration, environment: environment)
      let answer: Result<Answer, KubernetesError>
      do throws(KubernetesError) {
        answer = .success(try await ask(client, server))
      } catch {
        answer = .failure(error)
      }
      await BlockingCall.run { client.shutDown() }
      return answer
    }
    do {
      return try answer.get()
    } catch {
      throw CommandFailure("\(server): \(error)")
    }
  }

  private func find(_ environment: [String: String]) throws(CommandFailure) -> (ClientConfiguration, Bool) {
    if let kubeconfig {
      return (try KubeconfigFile.configuration([kubeconfig], context: context, skipsMissing: false), false)
    }
    if let list = environment.firstValue("KUBECONFIG") {
      let paths = list.split(separator: ":").map(String.init)
      return (try KubeconfigFile.configuration(paths, context: context, skipsMissing: true), false)
    }
    do {
      return (try ClientConfiguration.inCluster(environment: environment), true)
    } catch  where error.code == .notInCluster {
      let usual = environment.firstValue("HOME").map { "\($0)/.kube/config" }
      if let usual, FileText.exists(usual) {
        return (try KubeconfigFile.configuration([usual], context: context, skipsMissing: false), false)
      }
      throw CommandFailure(
        "no cluster is known: this is no pod (\(error)), KUBECONFIG is not set and ~/.kube/config is not there; "
          + "name a kubeconfig with --kubeconfig")
    } catch {
      throw CommandFailure("the pod's service account cannot be used: \(error)")
    }
  }
}
