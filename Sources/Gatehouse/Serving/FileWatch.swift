import EventLoop

/// Calls back when something may have changed in some folders: at once where the kernel tells, else at the next look.
///
/// Belongs to the loop's thread.
final class FileWatch {
  /// How long to wait after a change, so that a copy of many files is read once.
  private static let settling = Duration.milliseconds(100)

  private let loop: EventLoop
  private let interval: Duration
  private let folders: () -> [String]
  private let check: () -> Void
  private var watchers: [String: DirectoryWatcher] = [:]
  private var pending: TimerID?

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - interval: how often to look without being told: file systems that are shared over a network tell nothing.
  ///   - folders: the folders to watch, asked again after each look.
  ///   - check: looks at the files; has to be cheap where nothing changed.
  init(
    on loop: EventLoop, every interval: Duration, folders: @escaping () -> [String], check: @escaping () -> Void
  ) {
    self.loop = loop
    self.interval = interval
    self.folders = folders
    self.check = check
    watch()
    tick()
  }

  private func tick() {
    loop.schedule(at: loop.now + interval) { [self] in
      look()
      tick()
    }
  }

  /// Looks at once, as on SIGHUP.
  func look() {
    if let pending { loop.cancel(pending) }
    pending = nil
    check()
    watch()
  }

  private func watch() {
    let wanted = Set(folders())
    for (folder, watcher) in watchers where !wanted.contains(folder) {
      watcher.cancel()
      watchers[folder] = nil
    }
    for folder in wanted where watchers[folder] == nil {
      // A folder that cannot be watched (gone, or out of inotify watches) is looked at by the timer.
      watchers[folder] = try? DirectoryWatcher(folder, on: loop) { [weak self] change in
        if change == .gone { self?.watchers[folder] = nil }
        self?.settle()
      }
    }
  }

  private func settle() {
    guard pending == nil else { return }
    pending = loop.schedule(at: loop.now + FileWatch.settling) { [weak self] in
      self?.pending = nil
      self?.look()
    }
  }
}
