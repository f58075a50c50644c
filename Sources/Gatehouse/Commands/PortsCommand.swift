import ArgumentParser
import JSON
import KubeClient
import Kubernetes
import NetworkPlugins

/// `gatehouse ports`: who holds which ports of load balancers.
struct PortsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports",
    abstract: "List who holds which ports of load balancers, and find and mend what is wrong with that.",
    discussion: """
      What is held is what the Services of the cluster show. With --fsck, leaks (Services whose pod or owner is gone), doubles (two \
      Services on the same port of the same load balancer), ports outside their range and Services without ports are listed, and the \
      command ends with 1 when there are any. --repair deletes leaked Services and the younger of two doubles, for which the manager \
      then makes another one on a free port; it tells what it did, and ends with 1 when something is left.

      Examples:
        gatehouse ports --kubeconfig ~/.kube/config
        gatehouse ports --fsck -o json
        gatehouse ports --fsck --objects services.yaml
        gatehouse ports --repair
      """)

  @Option(
    help: ArgumentHelp(
      "A manifest, or a folder of them, that stands in for the cluster (repeatable).",
      discussion: "Without it, the cluster is asked.", valueName: "path"))
  var objects: [String] = []

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Option(
    help: ArgumentHelp(
      "The TOML file with the ranges of ports; without it what OpenKruiseGame ships.", valueName: "file"))
  var providerConfig: String?

  @Flag(help: "Also tell what is wrong, and end with 1 when anything is.")
  var fsck = false

  @Flag(help: "Mend what can be mended by deleting a Service.")
  var repair = false

  @Option(name: [.short, .customLong("output")], help: "How the list is written.")
  var output = ListFormat.text

  func validate() throws {
    guard !repair || objects.isEmpty else { throw ValidationError("--repair needs a cluster, not --objects.") }
  }

  func run() throws {
    let configuration = try providerConfig.map { path throws(InputError) in try ProviderFile.load(path) } ?? .everyone
    let hostPorts = HostPortAllocator(range: configuration.kubernetes.hostPort)
    let plugins = PluginRegistry(configuration, hostPorts: hostPorts)
    for problem in plugins.problems { Terminal.error("gatehouse: \(problem)") }
    let report =
      objects.isEmpty
      ? try PortsReport.cluster(cluster, plugins, repairs: repair)
      : PortsReport(try ManifestCluster(objects).store, plugins, repairs: [])
    let shows = fsck || repair
    switch output {
    case .text: for line in report.lines(findings: shows) { Terminal.line(line) }
    case .json: Terminal.line(report.value(findings: shows).text)
    }
    if shows, report.isUnmended { throw ExitCode(ExitStatus.refused) }
  }
}

extension ProviderConfiguration {
  /// What is shipped, with every provider: whose Services are there tells which ones are used.
  fileprivate static var everyone: ProviderConfiguration {
    var configuration = ProviderConfiguration.shipped
    configuration.aws.enable = true
    configuration.jdCloud.enable = true
    return configuration
  }
}
