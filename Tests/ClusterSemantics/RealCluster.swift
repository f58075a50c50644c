import Foundation
import KubeClient
import Synchronization
import TestSupport

/// The real API server that the tests of one run share: started by the first that asks, ended with the process.
///
/// The programs are looked for in the folders that `KUBE_ASSETS` and `KUBEBUILDER_ASSETS` name, then in `../shared/kube`.
public actor RealCluster {
  /// The one cluster of the run.
  public static let shared = RealCluster()

  /// The folder of the programs; nil where there is none.
  public static let assets: String? = findAssets()
  /// Whether the controller manager is among them.
  public static let hasControllers =
    assets.map { FileManager.default.isExecutableFile(atPath: "\($0)/kube-controller-manager") } ?? false
  /// What a skipped test says.
  public static let explanation =
    "no kube-apiserver and etcd: set KUBE_ASSETS or KUBEBUILDER_ASSETS to a folder that holds them"

  /// Why there is no server.
  public struct Failure: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String
  }

  private var starting: Task<Running, any Error>?

  private struct Running {
    let server: TestServer
    let console: Console
  }

  /// The server, started where it does not run yet.
  ///
  /// - Throws: ``Failure`` where it does not start.
  public func server() async throws -> TestServer {
    if starting == nil { starting = Task { try Self.start() } }
    guard let starting else { throw Failure(description: "the cluster was not started") }
    return try await starting.value.server
  }

  /// Tells whoever runs the tests that they truly ran against a real server: a line in the file that
  /// `GATEHOUSE_REAL_CLUSTER_MARKER` names.
  public static func leaveMark(_ text: String) throws {
    guard let path = ProcessInfo.processInfo.environment["GATEHOUSE_REAL_CLUSTER_MARKER"] else { return }
    let file = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Failure(description: "cannot write \(path)") }
    try FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: Data("\(text)\n".utf8))
  }

  private static func findAssets() -> String? {
    let environment = ProcessInfo.processInfo.environment
    for variable in ["KUBE_ASSETS", "KUBEBUILDER_ASSETS"] {
      if let folder = environment[variable], isComplete(folder) { return folder }
    }
    // The folder beside the repository has a program that unpacks the others and prints where.
    guard let repository = try? BuiltProducts.repository(),
      let output = try? ChildProcess.run("\(repository)/../shared/kube/cluster", ["assets"]),
      output.exit == .code(0)
    else { return nil }
    let folder = output.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    return isComplete(folder) ? folder : nil
  }

  private static func isComplete(_ folder: String) -> Bool {
    ["kube-apiserver", "etcd"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
  }

  private static func start() throws -> Running {
    guard let assets else { throw Failure(description: explanation) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-cluster-\(UUID().uuidString)").path
    let console = try Console(script: Fixture.url("real-cluster").path, arguments: [assets, folder])
    let line = try console.line()
    guard line.hasPrefix("ready ") else { throw Failure(description: "the API server did not start: \(line)") }
    var configuration = ClientConfiguration(
      endpoint: Endpoint(server: String(line.dropFirst("ready ".count)), trust: .file("\(folder)/ca.crt")),
      credentials: Credentials(
        identity: .files(certificate: "\(folder)/admin.crt", key: "\(folder)/admin.key")))
    // Loopback, whatever the environment says of proxies.
    configuration.endpoint.proxy = ""
    configuration.limits.queriesPerSecond = 0
    let server = TestServer(
      name: "kube-apiserver", configuration: configuration, hasControllers: hasControllers
    ) { command in
      try console.send(command.rawValue)
      guard try console.line() == "done" else { throw Failure(description: "\(command.rawValue) failed") }
    }
    return Running(server: server, console: console)
  }
}

/// The script that holds the cluster, by its input and output.
///
/// Its input ends with this process, in whatever way that ends, and then it cleans up.
private final class Console: Sendable {
  private let process: Mutex<Process>
  private let input: FileHandle
  private let output: Mutex<FileHandle>

  init(script: String, arguments: [String]) throws {
    let (input, output) = (Pipe(), Pipe())
    // No other child of this process may keep the script's input open.
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    self.process = Mutex(process)
    self.input = input.fileHandleForWriting
    self.output = Mutex(output.fileHandleForReading)
  }

  func send(_ line: String) throws { try input.write(contentsOf: Data("\(line)\n".utf8)) }

  /// The next line; empty where the script ended.
  func line() throws -> String {
    try output.withLock { output in
      var line: [UInt8] = []
      while let byte = try output.read(upToCount: 1)?.first {
        if byte == UInt8(ascii: "\n") { break }
        line.append(byte)
      }
      return String(decoding: line, as: UTF8.self)
    }
  }
}
