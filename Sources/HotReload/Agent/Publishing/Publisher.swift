internal import EventLoop

/// Copies the source into a new revision and makes it the current one.
///
/// Runs on a thread of its own, because a large set takes long. The copy is made in `..staging`, which is renamed once it is complete and on the disk.
struct Publisher: Sendable {
  let source: String
  let revisions: PublishedRevisions
  /// Where the downward API shows the pod.
  let podDirectory: String?
  /// How many bytes all revisions may hold together.
  let sizeLimit: Int

  /// How often a source is read again that changes while it is read, before the agent waits for it to calm down.
  ///
  /// Kubelet removes the folder that it replaced at once, so a copy that is under way then fails, and the new folder is there already.
  static let attempts = 5

  /// Publishes what the source holds now.
  func publish() -> PublishOutcome {
    do {
      let outcome = try revisions.locked { () throws(SystemError) in
        Result { () throws(AgentError) in try publishUntilCalm() }
      }
      return try outcome.get()
    } catch let error as AgentError {
      return .failed(error.reason)
    } catch {
      return .failed("\(error)")
    }
  }

  private func publishUntilCalm() throws(AgentError) -> PublishOutcome {
    for _ in 1..<Self.attempts {
      do {
        return try publishOnce()
      } catch {
        if error.code != .changed { throw error }
      }
    }
    return try publishOnce()
  }

  private func publishOnce() throws(AgentError) -> PublishOutcome {
    let tree = try SourceTree(source)
    try makeRoom(for: tree.bytes)
    let staging = revisions.path("..staging")
    try AgentError.wrap { () throws(SystemError) in
      try FileSystem.removeTree(staging)
      try FileSystem.makeDirectory(staging)
    }
    let values = try podDirectory.map { directory throws(AgentError) in try PodValues(directory: directory) }
    var copy = TreeCopy(tree: tree, destination: staging, values: values)
    let report = try copy.run()
    guard try SourceTree(root: tree.root).signature == tree.signature else {
      throw AgentError(.changed, "the source changed while it was read")
    }
    return try AgentError.wrap { () throws(SystemError) in try adopt(staging, report) }
  }

  /// Makes the staged copy current, unless readers have it already or it was rolled back.
  private func adopt(_ staging: String, _ report: PublishOutcome.Report) throws(SystemError) -> PublishOutcome {
    let folder = revisions.folder(report.revision)
    let current = revisions.current
    if report.revision == current {
      try FileSystem.removeTree(staging)
      try revisions.finish()
      return .unchanged(report)
    }
    if current != nil, revisions.rejected.contains(report.revision) {
      try FileSystem.removeTree(staging)
      return .rejected(report)
    }
    if try FileStatus(folder) == nil {
      try FileSystem.rename(staging, to: folder)
    } else {
      try FileSystem.removeTree(staging)
    }
    // The game reads the first revision when it starts; a signal then could hit a process that does not handle it yet.
    if current == nil { try revisions.write(.notified, report.revision) }
    try revisions.makeCurrent(report.revision)
    try revisions.remove(.rejected)
    try revisions.prune()
    return .published(report)
  }

  /// Removes old revisions until the new one fits; the current one always stays.
  ///
  /// Kubelet evicts a pod whose volume exceeds its limit, and a lost game is worse than a refused set.
  private func makeRoom(for bytes: Int) throws(AgentError) {
    var kept = PublishedRevisions.kept
    while true {
      let used = try AgentError.wrap { () throws(SystemError) in try usedBytes() }
      if used + bytes <= sizeLimit { return }
      kept -= 1
      guard kept > 0 else {
        throw AgentError(
          .tooLarge,
          "the set of \(bytes) bytes does not fit beside the current one into \(sizeLimit) bytes (size-limit)")
      }
      try AgentError.wrap { () throws(SystemError) in try revisions.prune(keeping: kept) }
    }
  }

  private func usedBytes() throws(SystemError) -> Int {
    var sum = 0
    for revision in try revisions.all() { sum += try TreeSize.bytes(below: revisions.folder(revision)) }
    return sum
  }
}

/// The bytes of files below a directory.
enum TreeSize {
  static func bytes(below path: String) throws(SystemError) -> Int {
    guard let status = try FileStatus(path) else { return 0 }
    guard status.kind == .directory else { return status.kind == .file ? status.size : 0 }
    var sum = 0
    for name in try FileSystem.names(in: path) { sum += try bytes(below: "\(path)/\(name)") }
    return sum
  }
}
