import Kubernetes

/// Runs the parts of a simulated cluster as time passes: at once when something has changed, and when something falls due.
///
/// One task runs one part after the other, so that none needs to be safe against the others.
struct RealTimeLoop: Sendable {
  let server: SimulatedAPIServer
  let feeds: [StoreFeed]
  let controllers: [any SimulatedController]

  /// How often the clock is looked at: far below the second in which the simulated nodes think, even at ten times its speed.
  private static let tick = Duration.milliseconds(10)

  /// Runs until the task is cancelled.
  func run() async {
    // One note is as good as many: each turn looks at everything.
    let (notes, note) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let watcher = server.addWatcher { note.yield() }
    defer { server.removeWatcher(watcher) }
    note.yield()
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await _ in notes {
          while await turn(), !Task.isCancelled {}
        }
      }
      group.addTask {
        while !Task.isCancelled {
          let now = server.clock.now()
          if controllers.contains(where: { $0.nextDue.map { $0 <= now } ?? false }) { note.yield() }
          try? await Task.sleep(for: Self.tick)
        }
        note.finish()
      }
    }
  }

  /// Lets each part act once; answers whether any changed something.
  private func turn() async -> Bool {
    var isChanged = false
    for controller in controllers {
      for feed in feeds { feed.pump() }
      if await controller.step(now: server.clock.now()) { isChanged = true }
    }
    return isChanged
  }
}
