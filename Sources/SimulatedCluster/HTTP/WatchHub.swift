import HTTPServer
import JSON
import Kubernetes
import Synchronization

/// All watches of a server, moved on by one task each time the cluster has changed.
final class WatchHub: Sendable {
  private struct State {
    var streams: [Int: WatchStream] = [:]
    var next = 0
  }

  /// How often watches are looked at that wait for time or for a slow client: little beside what either takes.
  private static let tick = Duration.milliseconds(50)

  private let server: SimulatedAPIServer
  private let state = Mutex(State())
  private let changes: AsyncStream<Void>
  private let change: AsyncStream<Void>.Continuation
  private let watcher: Int

  init(_ server: SimulatedAPIServer) {
    self.server = server
    // One note is as good as many: whoever is woken looks at everything.
    (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    watcher = server.addWatcher { [change] in change.yield() }
  }

  deinit { server.removeWatcher(watcher) }

  /// Takes up a watch that has been answered with its head.
  func add(_ stream: WatchStream, _ handle: ResponseHandle) {
    let number = state.withLock { state in
      state.next += 1
      state.streams[state.next] = stream
      return state.next
    }
    handle.onClosed { [weak self] in self?.remove(number)?.cut() }
    move(number, stream, now: .now)
  }

  /// Moves watches on until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await _ in self.changes { self.pump { _ in true } }
      }
      group.addTask {
        while !Task.isCancelled {
          let now = ContinuousClock.now
          self.pump { $0.isDue(now: now) }
          try? await Task.sleep(for: Self.tick)
        }
      }
    }
  }

  /// Cuts the connections of all watches.
  func cutAll() {
    let streams = state.withLock { state in
      defer { state.streams = [:] }
      return state.streams.values
    }
    for stream in streams { stream.cut() }
  }

  private func pump(_ isWanted: (WatchStream) -> Bool) {
    let streams = state.withLock { $0.streams }
    let now = ContinuousClock.now
    for (number, stream) in streams where isWanted(stream) { move(number, stream, now: now) }
  }

  private func move(_ number: Int, _ stream: WatchStream, now: ContinuousClock.Instant) {
    if !stream.pump(now: now) { remove(number) }
  }

  @discardableResult
  private func remove(_ number: Int) -> WatchStream? { state.withLock { $0.streams.removeValue(forKey: number) } }
}

extension JSONValue {
  /// The value as a line of a stream.
  var line: [UInt8] { bytes + [UInt8(ascii: "\n")] }
}
