import Glibc
import HTTPServer
import JSON
import Synchronization
import TLS

/// What a simulated cluster leaves on disk: a kubeconfig, with the authority of its certificate in it.
enum SimulationFiles {
  /// The pair of the API and the authority that signed it.
  struct Identity {
    let security: ServerSecurity
    let authority: [UInt8]
  }

  /// Makes a pair for the loopback addresses that lives as long as a demonstration may.
  static func makeIdentity() throws(CommandFailure) -> Identity {
    let life = Duration.seconds(30 * 86_400)
    do throws(TLSError) {
      let authority = try TLS.Identity.makeAuthority(commonName: "simulated cluster", validity: life)
      var names: [AlternativeName] = []
      for name in ["127.0.0.1", "::1", "localhost", "kubernetes.default.svc"] {
        names.append(try AlternativeName(name))
      }
      let pair = try authority.issueServing(commonName: "kubernetes", names: names, validity: life)
      return Identity(
        security: ServerSecurity(certificatePEM: try pair.certificatePEM(), keyPEM: try pair.keyPEM()),
        authority: try authority.certificatePEM())
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  /// Writes a kubeconfig, as JSON, which is YAML too.
  static func writeKubeconfig(_ path: String, server: String, authority: [UInt8]?) throws(CommandFailure) {
    var cluster: JSONValue = ["server": .string(server)]
    if let authority { cluster["certificate-authority-data"] = .string(Base64.encode(authority)) }
    let configuration: JSONValue = [
      "apiVersion": "v1", "kind": "Config", "current-context": "simulated",
      "clusters": [["name": "simulated", "cluster": cluster]],
      "contexts": [["name": "simulated", "context": ["cluster": "simulated", "user": "admin"]]],
      "users": [["name": "admin", "user": ["token": "system:admin"]]],
    ]
    guard let file = unsafe fopen(path, "w") else {
      let code = errno
      throw CommandFailure("\(path) cannot be written: \(FileText.reason(code)); choose another --kubeconfig")
    }
    let bytes = configuration.bytes + [UInt8(ascii: "\n")]
    let written = unsafe fwrite(bytes, 1, bytes.count, file)
    let isClosed = unsafe fclose(file) == 0
    guard written == bytes.count, isClosed else { throw CommandFailure("\(path) cannot be written in full") }
  }
}

/// Why a simulation ended by itself, handed from its task to the main thread.
final class SimulationOutcome: Sendable {
  private let reason = Mutex<String?>(nil)

  /// The reason; nil while it runs.
  var failure: String? { reason.withLock { $0 } }

  /// Says why it ended.
  func fail(_ text: String) { reason.withLock { $0 = text } }
}
