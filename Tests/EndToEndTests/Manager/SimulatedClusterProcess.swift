import Foundation
import JSON
import KubeClient
import Kubernetes
import TestSupport

/// A running `gatehouse simulate`, with the product's namespace in it.
final class SimulatedClusterProcess: Sendable {
  let cluster: TestCluster
  let process: ChildProcess
  let folder: TemporaryFolder

  /// Holds a folder that cannot be copied.
  final class TemporaryFolder: Sendable {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }
  }

  /// - Parameter namespaceFirst: whether the objects of the arguments need the product's namespace.
  init(_ arguments: [String] = [], namespaceFirst: Bool = false) async throws {
    folder = try TemporaryFolder()
    let kubeconfig = folder.directory.file("kubeconfig")
    let namespace = namespaceFirst ? ["--objects", "\(try Program.root())/deploy/base/namespace.yaml"] : []
    process = try ChildProcess(
      Program.path(),
      ["simulate", "--kubeconfig", kubeconfig, "--crds", "\(try Program.root())/deploy/crds", "--speed", "20"]
        + namespace + arguments)
    _ = try process.line(startingWith: "ready ")
    // The program writes its kubeconfig as JSON, which is YAML too.
    let json = try JSONDocument(folder.directory.read("kubeconfig")).root
    cluster = TestCluster(kubeconfig: kubeconfig, try KubeConfig(json).configuration())
    try await cluster.makeNamespace(TestCluster.namespace)
  }
}
