import Foundation
import Glibc
import Synchronization
import TestSupport

/// A way to a server on loopback that a test can cut.
final class CuttingProxy: Sendable {
  let port: UInt16
  private let listener: Int32
  private let target: UInt16
  private let open = Mutex<[(client: Int32, server: Int32)]>([])

  /// Forwards connections to a port.
  init(to target: UInt16) throws {
    self.target = target
    (listener, port) = try Loopback.listen()
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else {
          close(listener)
          return
        }
        guard let server = Loopback.connect(port: target) else {
          close(client)
          continue
        }
        open.withLock { $0.append((client, server)) }
        forward(client, server)
      }
    }
  }

  /// Stops accepting and cuts everything.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    cut()
  }

  /// Cuts the connections, or those that `chosen` picks by their place; answers how many.
  @discardableResult
  func cut(_ chosen: (Int) -> Bool = { _ in true }) -> Int {
    open.withLock { open in
      var count = 0
      for (place, pair) in open.enumerated() where chosen(place) {
        shutdown(pair.client, Int32(SHUT_RDWR))
        shutdown(pair.server, Int32(SHUT_RDWR))
        count += 1
      }
      return count
    }
  }

  /// Two threads pump; the one that ends last closes both ends.
  private func forward(_ client: Int32, _ server: Int32) {
    let running = Pumps()
    for (source, sink) in [(client, server), (server, client)] {
      Thread.detachNewThread { [self] in
        while let bytes = Loopback.receive(from: source) {
          guard Loopback.send(bytes, to: sink) else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        guard running.endOne() else { return }
        open.withLock { $0.removeAll { $0.client == client } }
        close(client)
        close(server)
      }
    }
  }

  private final class Pumps: Sendable {
    private let left = Mutex(2)

    /// Answers whether the last one ended.
    func endOne() -> Bool {
      left.withLock { left in
        left -= 1
        return left == 0
      }
    }
  }
}
