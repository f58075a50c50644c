internal import EventLoop
internal import Glibc

/// The published directory: `..REVISION` folders, the link `..data` to the current one, and a link for each name in it.
///
/// The layout is that of Kubernetes' own volumes, so programs that know how to follow a ConfigMap need nothing new. Everything with two leading dots
/// is the agent's. Every change of what readers see is one rename, so a kill at any moment leaves a complete set.
struct PublishedRevisions: Sendable {
  /// The directory.
  let directory: String

  /// How many revisions stay: the current one and two to go back to.
  static let kept = 3

  /// The path of a name in the directory.
  func path(_ name: String) -> String { "\(directory)/\(name)" }

  /// The folder of a revision.
  func folder(_ revision: String) -> String { path(".." + revision) }

  /// The revision that readers see; nil before the first.
  var current: String? {
    guard let target = FileSystem.linkTarget(path("..data")), Self.isFolder(target) else { return nil }
    return String(target.dropFirst(2))
  }

  /// The revisions that are there, newest first; a revision that became current again counts as new.
  func all() throws(SystemError) -> [String] {
    var found: [(name: String, time: Int64)] = []
    for name in try FileSystem.names(in: directory) where Self.isFolder(name) {
      if let status = try FileStatus(path(name)) { found.append((String(name.dropFirst(2)), status.modified)) }
    }
    return found.sorted { ($0.time, $0.name) > ($1.time, $1.name) }.map(\.name)
  }

  private static func isFolder(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst(2)
    return name.hasPrefix("..") && digits.count == 16
      && digits.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      }
  }

  /// Makes a complete folder the current revision.
  ///
  /// Links for new names come before the swap and links for names that went are removed behind it, so at no moment does a reader miss a name of the
  /// current set.
  func makeCurrent(_ revision: String) throws(SystemError) {
    try FileSystem.check("touch \(revision)") { unsafe utimensat(AT_FDCWD, folder(revision), nil, 0) }
    let names = try FileSystem.names(in: folder(revision))
    for name in names where FileSystem.linkTarget(path(name)) != "..data/\(name)" {
      try replaceLink(path(name), with: "..data/\(name)", temporary: path("..link_tmp"))
    }
    try FileSystem.syncDirectory(directory)
    try replaceLink(path("..data"), with: ".." + revision, temporary: path("..data_tmp"))
    try FileSystem.syncDirectory(directory)
    try removeStaleLinks(keeping: Set(names))
  }

  private func replaceLink(_ link: String, with target: String, temporary: String) throws(SystemError) {
    try FileSystem.removeFile(temporary)
    try FileSystem.makeLink(temporary, to: target)
    try FileSystem.rename(temporary, to: link)
  }

  private func removeStaleLinks(keeping names: Set<String>) throws(SystemError) {
    for name in try FileSystem.names(in: directory) where !name.hasPrefix("..") && !names.contains(name) {
      if FileSystem.linkTarget(path(name)) == "..data/\(name)" { try FileSystem.removeFile(path(name)) }
    }
  }

  /// Completes a publish that was killed behind its swap: readers have the new set, and what went is still there.
  func finish() throws(SystemError) {
    guard let current else { return }
    try removeStaleLinks(keeping: Set(try FileSystem.names(in: folder(current))))
    try prune()
  }

  /// Removes what is neither current nor among the newest.
  func prune(keeping count: Int = kept) throws(SystemError) {
    let current = current
    for revision in try all().dropFirst(count) where revision != current {
      try FileSystem.removeTree(folder(revision))
    }
  }

  /// Makes the revision before the current one current again, and remembers not to publish the rejected one again.
  ///
  /// - Returns: the revision that readers see now; nil where there is none to go back to.
  func rollBack() throws(SystemError) -> String? {
    try locked { () throws(SystemError) in
      let rejected = rejected
      guard let current,
        let previous = try all().drop(while: { $0 != current }).dropFirst().first(where: { !rejected.contains($0) })
      else { return nil }
      try write(.rejected, (rejected + [current]).joined(separator: "\n"))
      // The rejected folder becomes the oldest, so that another roll-back goes further back and not forth.
      var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: 0)]
      let folder = folder(current)
      try FileSystem.check("age \(folder)") { unsafe utimensat(AT_FDCWD, folder, &times, 0) }
      try makeCurrent(previous)
      return previous
    }
  }

  /// Runs while no other process of the agent's changes the directory; the kernel frees the lock of a process that dies.
  func locked<Value>(_ body: () throws(SystemError) -> Value) throws(SystemError) -> Value {
    let lock = try FileSystem.open(path("..lock"), O_RDWR | O_CREAT)
    try FileSystem.check("lock \(directory)") { flock(lock.rawValue, LOCK_EX) }
    let value = try body()
    withExtendedLifetime(lock) {}
    return value
  }
}

extension PublishedRevisions {
  /// What a run of the agent leaves for the next.
  enum Note: String {
    /// What the game was told of last.
    case notified = "..notified"
    /// What was rolled back since the last publish, one a line.
    case rejected = "..rejected"
    /// There while the running agent shows a set of its own source, for a startup probe that is a command.
    case started = "..started"
  }

  /// Reads a note.
  func read(_ note: Note) -> String? {
    // A revision has 16 digits and at most two are rolled back in a row.
    guard let bytes = (try? FileSystem.read(path(note.rawValue), limit: 256)) ?? nil else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The revisions that were rolled back and must not come back by themselves.
  var rejected: [String] { read(.rejected)?.split(separator: "\n").map(String.init) ?? [] }

  /// Writes a note.
  func write(_ note: Note, _ text: String) throws(SystemError) {
    try FileSystem.replace(path(note.rawValue), with: Array(text.utf8))
  }

  /// Removes a note.
  func remove(_ note: Note) throws(SystemError) { try FileSystem.removeFile(path(note.rawValue)) }
}
