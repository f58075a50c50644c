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

  init(_ arguments: [String] = []) async throws {
    folder = try TemporaryFolder()
    let kubeconfig = folder.directory.file("kubeconfig")
    process = try ChildProcess(
      Program.path(),
      ["simulate", "--kubeconfig", kubeconfig, "--crds", "\(try Program.root())/deploy/crds", "--speed", "20"]
        + arguments)
    _ = try process.line(startingWith: "ready ")
    // The program writes its kubeconfig as JSON, which is YAML too.
    let json = try JSONDocument(folder.directory.read("kubeconfig")).root
    cluster = TestCluster(kubeconfig: kubeconfig, try KubeConfig(json).configuration())
  }
}
