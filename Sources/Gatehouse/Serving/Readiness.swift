import HTTPServer
import Synchronization

/// Whether reviews are welcome, for the probe that is answered by the same server.
final class Readiness: Sendable {
  private let server = Mutex<Server?>(nil)

  /// Answers with the readiness of this server from now on.
  func watch(_ server: Server) { self.server.withLock { $0 = server } }

  /// Whether the server runs and is not on its way to the end.
  var isReady: Bool { server.withLock { $0?.isReady ?? false } }
}
