import TestSupport

/// A running `gatehouse serve` on free ports, with a folder of its own.
final class ServerUnderTest {
  /// A failure to start or to talk.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let process: ChildProcess
  /// `host:port` of the admission port.
  let https: String
  /// `host:port` of the plain port.
  let health: String
  /// `host:port` of the external scaler.
  let scaler: String?
  /// The authority that the server's certificate was signed by.
  let authority: String
  /// The folder with `certs/` and `objects/`.
  let folder: FolderBox

  /// Holds a folder that cannot be copied.
  final class FolderBox {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }
    var path: String { directory.path }
  }

  /// Starts a server and waits for its line.
  ///
  /// - Parameter objects: manifests by file name.
  init(objects: [String: String] = [:], _ arguments: [String] = []) throws {
    folder = try FolderBox()
    for (name, text) in objects { try folder.directory.write("objects/\(name)", text) }
    let cluster = objects.isEmpty ? [] : ["--objects", folder.directory.file("objects")]
    process = try ChildProcess(
      Program.path(),
      ["serve", "--webhook-port", "0", "--health-port", "0", "--cert-dir", folder.directory.file("certs")] + cluster
        + arguments)
    let line = try process.line(startingWith: "ready ")
    let fields = Dictionary(
      uniqueKeysWithValues: line.split(separator: " ").dropFirst().compactMap { field -> (String, String)? in
        let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
      })
    guard let https = fields["https"], let health = fields["health"], let authority = fields["ca"] else {
      throw Failure(description: "not a ready line: \(line)")
    }
    scaler = fields["scaler"]
    (self.https, self.health, self.authority) = (https, health, authority)
  }

  /// What came back for one request.
  struct Answer {
    let status: Int
    let body: String
  }

  /// Sends a body to a path of the admission port.
  func post(
    _ path: String, _ body: String, _ options: [String] = [], type: String = "application/json"
  ) throws -> Answer {
    let output = try ChildProcess.run(
      "curl",
      ["--silent", "--show-error", "--cacert", authority, "-H", "Content-Type: \(type)"]
        + ["--data-binary", "@-", "-w", "\n%{http_code}"] + options + ["https://\(https)\(path)"],
      input: Array(body.utf8))
    return try answer(output)
  }

  /// Reads a path of the plain port.
  func get(_ path: String) throws -> Answer {
    try answer(
      ChildProcess.run("curl", ["--silent", "--show-error", "-w", "\n%{http_code}", "http://\(health)\(path)"]))
  }

  /// A metric's value; nil where there is none of that name and labels.
  func metric(_ series: String) throws -> Double? {
    let lines = try get("/metrics").body.split(separator: "\n")
    return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
  }

  /// Asks until a condition holds; only a failing test waits as long as it is patient.
  func wait(until condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now.advanced(by: ChildProcess.patience)
    while try !condition() {
      guard ContinuousClock.now < deadline else {
        throw Failure(description: "waited in vain\n\(process.standardError)")
      }
    }
  }

  private func answer(_ output: ChildProcess.Output) throws -> Answer {
    guard let line = output.standardOutput.lastIndex(of: "\n"),
      let status = Int(output.standardOutput[line...].dropFirst())
    else { throw Failure(description: "curl: \(output.exit) \(output.standardError)") }
    guard output.exit == .code(0) else { throw Failure(description: "curl: \(output.exit) \(output.standardError)") }
    return Answer(status: status, body: String(output.standardOutput[..<line]))
  }
}
