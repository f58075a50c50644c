import ArgumentParser
import EventLoop
import Glibc
import JSON
import Kubernetes
import SimulatedCluster

/// `gatehouse simulate`: a cluster in the process, for `kubectl` and for everything else that speaks to the Kubernetes API.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run a simulated Kubernetes cluster on a port.",
    discussion: """
      The cluster has an API server that kubectl accepts, nodes that run pods, OpenKruise's Advanced StatefulSet and \
      PodProbeMarker, load balancers, and it calls the webhooks that are registered in it. Everything is kept in memory \
      and gone when the command ends.

      Prints `ready server=URL kubeconfig=PATH` once it can be used, and what to type next; Ctrl-C ends it.

      Example:
        gatehouse simulate --nodes 10 --speed 5 --kubeconfig /tmp/simulated.kubeconfig
      """)

  @Option(help: "The port of the API on 127.0.0.1; 0 takes a free one.", transform: PortNumber.parse)
  var port: UInt16 = 0

  // Unconditional: a negative number shall be told the range, and not be taken for an option.
  @Option(parsing: .unconditional, help: "How many nodes the cluster has.")
  var nodes = 3

  @Option(parsing: .unconditional, help: "How many pods fit on a node.")
  var podsPerNode = 110

  @Option(parsing: .unconditional, help: "How many times as fast as outside time passes.")
  var speed = 1.0

  @Option(help: "Where the kubeconfig is written.")
  var kubeconfig = "simulated.kubeconfig"

  @Option(help: "Manifests of the custom resources; without them the types of games take any field.")
  var crds: String?

  @Option(name: .customLong("objects"), help: "Manifests to create at the start; may be given more than once.")
  var objects: [String] = []

  @Flag(help: "Serve without TLS.")
  var plain = false

  func validate() throws {
    guard (0...10_000).contains(nodes) else { throw ValidationError("--nodes takes 0 to 10000, not \(nodes).") }
    guard (1...1000).contains(podsPerNode) else {
      throw ValidationError("--pods-per-node takes 1 to 1000, not \(podsPerNode).")
    }
    guard speed > 0, speed <= 1000 else {
      throw ValidationError("--speed takes a number above 0, at most 1000, not \(speed).")
    }
  }

  func run() throws {
    // Signals first: threads inherit what their maker blocks.
    let main = try EventLoop(name: "main")
    var isAsked = false
    let signals = try SignalWatcher([.terminate, .interrupt], on: main) { _ in isAsked = true }
    let manifests = try Self.objects(in: crds.map { [$0] } ?? []) + Self.objects(in: objects)
    let files = try plain ? nil : SimulationFiles.makeIdentity()
    let cluster = try makeCluster(files)
    let server = "\(plain ? "http" : "https")://\(try start(cluster))"

    let outcome = SimulationOutcome()
    let objects = OpenTypes.kruise + (crds == nil ? OpenTypes.games : []) + Self.namespaces(of: manifests) + manifests
    let life = Task { [authority = files?.authority] in
      do {
        try await cluster.install(objects)
        // Not before: who finds the file finds the cluster.
        try SimulationFiles.writeKubeconfig(kubeconfig, server: server, authority: authority)
        announce(server)
      } catch {
        outcome.fail("\(error)")
        _ = main.submit {}
        return
      }
      await cluster.run()
    }
    while !isAsked, outcome.failure == nil { try main.turn() }
    life.cancel()
    cluster.stop()
    _ = consume signals
    if let failure = outcome.failure { throw CommandFailure(failure) }
  }

  private func makeCluster(_ files: SimulationFiles.Identity?) throws -> LiveCluster {
    var settings = LiveCluster.Settings()
    settings.address = "127.0.0.1:\(port)"
    settings.security = files?.security
    settings.nodes = nodes
    settings.podsPerNode = podsPerNode
    settings.speed = speed
    return try LiveCluster(settings)
  }

  private func start(_ cluster: LiveCluster) throws(CommandFailure) -> String {
    do {
      return try cluster.start()
    } catch {
      throw CommandFailure("\(error); choose another --port")
    }
  }

  /// The objects in files and folders of manifests; what only tells kustomize how to put them together is left out.
  static func objects(in paths: [String]) throws(InputError) -> [JSONValue] {
    var all: [JSONValue] = []
    for path in paths {
      for file in try ManifestFiles.find(path) { all += try ManifestFile.load(file).map { JSONValue($0.object.json) } }
    }
    return all.filter { $0["apiVersion"]?.string?.hasPrefix("kustomize.config.k8s.io/") != true }
  }

  /// The namespaces that manifests name without bringing them, and that of the product: nobody has made them in a cluster that just began.
  static func namespaces(of manifests: [JSONValue]) -> [JSONValue] {
    let named = manifests.compactMap { $0["metadata"]?["namespace"]?.string } + [ReplicaSettings.usualNamespace]
    let brought = manifests.filter { $0["kind"]?.string == "Namespace" }.compactMap { $0["metadata"]?["name"]?.string }
    return Set(named).subtracting(brought + ["default", "kube-system", "kube-public", "kube-node-lease"]).sorted().map {
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string($0)]]
    }
  }

  private func announce(_ server: String) {
    Terminal.line(
      """
      ready server=\(server) kubeconfig=\(kubeconfig)

      In another terminal:
        export KUBECONFIG=\(kubeconfig)
        kubectl get nodes
        kubectl get pods --watch
      """)
  }
}
