internal import EventLoop

/// What a source directory holds at one moment.
///
/// Kubelet shows a ConfigMap or Secret as links through `..data`, a link that it swaps in one step; the directory behind it never
/// changes. Any other directory, such as one inside an image, is taken as it is.
struct SourceTree {
  /// A file, directory or link below the root; parents come before what they hold.
  struct Entry {
    /// The path below the root.
    let path: String
    let status: FileStatus
    /// What a link points to.
    let target: String?
  }

  /// How much a set may hold: an image of assets has thousands of files, not millions, and no deep nesting; the limits keep a mistake
  /// (a source-path that is a whole root file system) from eating the memory of the agent.
  static let entryLimit = 65_536
  static let depthLimit = 32

  /// The directory that was read, behind `..data` where there is one.
  let root: String
  /// The entries, sorted within each directory.
  private(set) var entries: [Entry] = []
  private var hash = RunningHash()

  /// Reads the names, sizes and times below a directory.
  ///
  /// - Throws: ``AgentError`` where there is no directory, no file in it, or something that is no file, directory or inner link.
  init(_ directory: String) throws(AgentError) {
    try self.init(root: SourceTree.root(of: directory))
  }

  /// Reads below a directory without looking for `..data`.
  init(root directory: String) throws(AgentError) {
    root = directory
    try read("", depth: 0)
    guard entries.contains(where: { $0.status.kind == .file }) else {
      throw AgentError(.source, "\(directory) holds no files")
    }
  }

  /// The directory behind `..data`, or the directory itself where there is no such link.
  static func root(of directory: String) -> String {
    guard let target = FileSystem.linkTarget(directory + "/..data"), !target.utf8.contains(UInt8(ascii: "/")) else {
      return directory
    }
    return "\(directory)/\(target)"
  }

  /// A number that differs where two trees differ in names, sizes, times or identity; never looks into files.
  var signature: UInt64 { hash.value }

  /// How many bytes the files hold.
  var bytes: Int { entries.reduce(0) { $0 + ($1.status.kind == .file ? $1.status.size : 0) } }

  private mutating func read(_ folder: String, depth: Int) throws(AgentError) {
    guard depth < Self.depthLimit else { throw AgentError(.source, "\(folder) is nested too deeply") }
    let directory = folder.isEmpty ? root : "\(root)/\(folder)"
    for name in try names(in: directory, isRoot: folder.isEmpty) {
      // Kubernetes keeps names with two leading dots for itself, and so does the published directory.
      if folder.isEmpty, name.hasPrefix("..") { continue }
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      let status = try AgentError.wrap { () throws(SystemError) in try FileStatus("\(root)/\(path)") }
      guard let status else { throw AgentError(.changed, "\(path) went away while it was read") }
      try add(path, status, depth: depth)
    }
  }

  /// The names of a folder; one that is gone was replaced while it was read, unless it is a source that never was there.
  private func names(in directory: String, isRoot: Bool) throws(AgentError) -> [String] {
    do {
      return try FileSystem.names(in: directory)
    } catch {
      guard error.code == .notFound else { throw AgentError(error) }
      let isSwapped = !isRoot || FileSystem.isSwapFolder(directory)
      throw AgentError(isSwapped ? .changed : .source, "\(directory) does not exist")
    }
  }

  private mutating func add(_ path: String, _ status: FileStatus, depth: Int) throws(AgentError) {
    guard entries.count < Self.entryLimit else {
      throw AgentError(.tooLarge, "the source holds more than \(Self.entryLimit) files")
    }
    var target: String?
    switch status.kind {
    case .file, .directory: break
    case .link: target = try innerLink(path, depth: depth)
    case .other: throw AgentError(.source, "\(path) is no file, directory or link")
    }
    entries.append(Entry(path: path, status: status, target: target))
    hash.add(path.utf8)
    hash.add([0])
    for number in [UInt64(status.size), UInt64(status.mode), status.inode, UInt64(bitPattern: status.modified)] {
      hash.add(number)
    }
    if status.kind == .directory { try read(path, depth: depth + 1) }
  }

  /// A link that stays below the root wherever it stands; others would lead out of the published set.
  private func innerLink(_ path: String, depth: Int) throws(AgentError) -> String {
    guard let target = FileSystem.linkTarget("\(root)/\(path)") else {
      throw AgentError(.changed, "\(path) went away while it was read")
    }
    var level = depth
    for step in target.split(separator: "/") where step != "." {
      level += step == ".." ? -1 : 1
      if level < 0 { break }
    }
    guard level >= 0, target.utf8.first != UInt8(ascii: "/") else {
      throw AgentError(.source, "\(path) is a link to \(target), outside of the source")
    }
    return target
  }
}

extension RunningHash {
  /// Adds a number, byte by byte from the lowest.
  mutating func add(_ number: UInt64) {
    add((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) })
  }
}
