internal import EventLoop

/// Hears of changes in the source, the pod's own values and the published directory: from the kernel, and by looking from time to time.
///
/// The kernel reports nothing where its watches are used up or the file system is remote, and never what happens in folders below the source. So the source is looked at in
/// intervals, too: one link where kubelet shows the source, all names otherwise.
final class AgentWatch {
  /// What may have changed.
  enum Change: Sendable {
    case source, pod, published
  }

  /// The interval where the kernel reports nothing.
  static let fastInterval = Duration.seconds(2)

  private let options: AgentOptions
  private let loop: EventLoop
  private let copying: EventLoop
  private let report: (Change) -> Void
  private var watchers: [String: DirectoryWatcher] = [:]
  private var timer: TimerID?
  private var lastSignature: SourceSignature?
  private var isCancelled = false

  init(_ options: AgentOptions, on loop: EventLoop, copying: EventLoop, report: @escaping (Change) -> Void) {
    self.options = options
    self.loop = loop
    self.copying = copying
    self.report = report
    watchAll()
    lastSignature = SourceSignature(options.source)
    scheduleLook(after: interval)
  }

  /// Stops.
  func cancel() {
    isCancelled = true
    for watcher in watchers.values { watcher.cancel() }
    watchers = [:]
    if let timer { loop.cancel(timer) }
  }

  /// Makes the next look report the source whatever it shows, because the last publish failed.
  func forget() { lastSignature = nil }

  private var places: [(String, Change)] {
    var places = [(options.source, Change.source), (options.publish, .published)]
    if let pod = options.pod { places.append((pod, .pod)) }
    if let file = options.gateFile, let slash = file.lastIndex(of: "/") {
      let directory = String(file[..<slash])
      if directory != options.pod { places.append((directory, .pod)) }
    }
    return places
  }

  /// Watches what is not watched yet; a directory that is missing is tried again at the next look.
  private func watchAll() {
    for (path, change) in places where watchers[path] == nil {
      watchers[path] = try? DirectoryWatcher(path, on: loop) { [weak self] in self?.heard($0, path, change) }
    }
  }

  private func heard(_ event: DirectoryChange, _ path: String, _ change: Change) {
    switch event {
    case .entries(let names):
      // Everything else in there is the agent's own doing.
      if change == .published, !names.contains("..data") { return }
    case .unknown: break
    case .gone: watchers[path] = nil
    }
    report(change)
  }

  private var interval: Duration {
    watchers.count == places.count ? options.pollInterval : min(options.pollInterval, Self.fastInterval)
  }

  private func scheduleLook(after wait: Duration) {
    timer = loop.schedule(at: ContinuousClock.now + wait) { [weak self] in self?.look() }
  }

  /// Looks on the copying thread, because a large source takes long, and never while a copy runs.
  private func look() {
    watchAll()
    let work = Look(watch: self, source: options.source)
    copying.submit {
      let start = ContinuousClock.now
      let signature = SourceSignature(work.source)
      let duration = ContinuousClock.now - start
      work.watch.loop.submit { work.watch.looked(signature, duration) }
    }
  }

  private func looked(_ signature: SourceSignature?, _ duration: Duration) {
    guard !isCancelled else { return }
    if signature != lastSignature || signature == nil {
      lastSignature = signature
      report(.source)
    }
    report(.pod)
    report(.published)
    // A look at a huge source may cost half a percent of one processor, not more.
    scheduleLook(after: max(interval, duration * 200))
  }

  /// Carries the watch over to the copying thread and back; only its own loop's thread uses it.
  private struct Look: @unchecked Sendable {
    // Safe because `watch` is touched on the main loop's thread only, the copying thread hands it through.
    let watch: AgentWatch
    let source: String
  }
}

/// What a source looks like without reading its files; equal signatures mean that nothing changed.
enum SourceSignature: Sendable, Equatable {
  /// Where `..data` leads to.
  case link(String)
  /// The fingerprint of names, sizes and times.
  case tree(UInt64)

  /// Looks at a source; nil where there is none or it cannot be published.
  init?(_ directory: String) {
    if let target = FileSystem.linkTarget(directory + "/..data") {
      self = .link(target)
    } else if let tree = try? SourceTree(directory) {
      self = .tree(tree.signature)
    } else {
      return nil
    }
  }
}
