import ArgumentParser
import Controllers
import JSON
import KubeClient
import Kubernetes
import Logging

/// `gatehouse check`: looks at a cluster before and after the product is installed in it.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look whether a cluster has what the product needs, and whether its reviews work.",
    discussion: """
      Writes a line for each thing: passed, warned or failed, what was found, and what to do. Ends with 1 when anything failed. \
      Nothing is changed: objects are tried with dry run only.

      Examples:
        gatehouse check --kubeconfig ~/.kube/config
        gatehouse check --service-account kruise-game-controller-manager -o json
        gatehouse check --rules
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Option(
    help: ArgumentHelp(
      "The product's own namespace (default: POD_NAMESPACE, or kruise-game-system).", valueName: "name"))
  var webhookServiceNamespace: String?

  @Option(help: "What the manager is run with: a manager that registers nothing needs fewer rights.")
  var webhookRegistration = RegistrationMode.managed

  @Option(
    help: ArgumentHelp(
      "Ask for the rights of this service account of the product's namespace, not for your own.", valueName: "name"))
  var serviceAccount: String?

  @Option(help: ArgumentHelp("The namespace in which objects are tried with dry run.", valueName: "name"))
  var trialNamespace = "default"

  @Option(name: [.short, .customLong("output")], help: "How the answer is written.")
  var output = ListFormat.text

  @Flag(help: "Only print the roles that the manager needs, and ask no cluster.")
  var rules = false

  func run() throws {
    guard !rules else { return writeRules() }
    let environment = ProcessEnvironment.read()
    let found = try cluster.cluster(environment)
    let lines = try AsyncWork.run { [self] in await look(found, environment) }
    switch output {
    case .text:
      for line in lines { Terminal.line(line.text) }
      Terminal.line(summary(lines))
    case .json: Terminal.line(JSONValue.array(lines.map(\.value)).text)
    }
    if lines.contains(where: { $0.verdict == .failed }) { throw ExitCode(ExitStatus.refused) }
  }

  private func look(_ found: ClusterOptions.Cluster, _ environment: [String: String]) async -> [CheckLine] {
    let namespace =
      webhookServiceNamespace ?? environment.firstValue("OKG_NAMESPACE", "POD_NAMESPACE")
      ?? (found.isInside ? found.configuration.namespace : ReplicaSettings.usualNamespace)
    var configuration = found.configuration
    // Somebody waits for the answer: one repetition, and no minute for each.
    configuration.limits.attempts = 2
    configuration.limits.timeout = .seconds(15)
    var asking = configuration
    if let serviceAccount {
      asking.credentials.impersonation = Credentials.Impersonation(
        user: "system:serviceaccount:\(namespace):\(serviceAccount)",
        groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"])
    }
    // Warnings of the API server about what is tried are no concern of who checks.
    let quiet = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
    let client = KubeClient(configuration, environment: environment, log: quiet)
    let asker = KubeClient(asking, environment: environment, log: quiet)
    let lines = await ClusterChecks.lines(
      CheckedCluster(
        client: client, asker: asker,
        askerName: serviceAccount.map { "the service account \(namespace)/\($0)" } ?? "the account of this command",
        namespace: namespace, registersItself: webhookRegistration == .managed, trialNamespace: trialNamespace))
    await BlockingCall.run {
      client.shutDown()
      asker.shutDown()
    }
    return lines
  }

  private func summary(_ lines: [CheckLine]) -> String {
    func count(_ verdict: CheckLine.Verdict) -> Int { lines.count { $0.verdict == verdict } }
    return "\(count(.passed)) passed, \(count(.warned)) warned, \(count(.failed)) failed"
  }

  /// The roles as one list that `kubectl apply -f -` takes.
  private func writeRules() {
    let namespace = webhookServiceNamespace ?? ReplicaSettings.usualNamespace
    func role(_ kind: String, _ metadata: JSONValue, _ scope: AccessRule.Scope) -> JSONValue {
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": metadata,
        "rules": AccessRule.roleRules(scope, registersItself: webhookRegistration == .managed),
      ]
    }
    let list: JSONValue = [
      "apiVersion": "v1", "kind": "List",
      "items": [
        role("ClusterRole", ["name": "kruise-game-manager-role"], .cluster),
        role("Role", ["name": "kruise-game-manager-role", "namespace": .string(namespace)], .ownNamespace),
      ],
    ]
    switch output {
    case .text: for line in YAMLWriter.lines(list) { Terminal.line(line) }
    case .json: Terminal.line(list.text)
    }
  }
}
