internal import EventLoop
internal import Glibc

/// Copies a tree into an empty directory, renders its templates, and fingerprints what went in and what came out, in one pass.
struct TreeCopy {
  let tree: SourceTree
  let destination: String
  /// The pod's own values; nil where the agent has none, so that a template is an error.
  let values: PodValues?

  private var sourceHash = RunningHash()
  private var resultHash = RunningHash()
  private var files = 0
  private var bytes = 0
  private var usesValues = false
  /// One buffer for all files, so that the memory does not follow their size.
  private var buffer: [UInt8] = []

  /// The ending of files that are templates.
  static let suffix = ".tmpl"
  /// A ConfigMap cannot hold a larger file, and a template is rendered in memory.
  static let templateLimit = 1 << 20

  init(tree: SourceTree, destination: String, values: PodValues?) {
    self.tree = tree
    self.destination = destination
    self.values = values
  }

  /// Copies everything and writes it to the disk.
  mutating func run() throws(AgentError) -> PublishOutcome.Report {
    buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let plain = Set(tree.entries.map(\.path))
    for entry in tree.entries {
      switch entry.status.kind {
      case .directory: try directory(entry)
      case .link: try link(entry)
      case .file where entry.path.hasSuffix(Self.suffix): try template(entry, plain)
      case .file, .other: try file(entry)
      }
    }
    try AgentError.wrap { () throws(SystemError) in
      for entry in tree.entries.reversed() where entry.status.kind == .directory {
        try FileSystem.syncDirectory("\(destination)/\(entry.path)")
      }
      try FileSystem.syncDirectory(destination)
    }
    return PublishOutcome.Report(
      revision: resultHash.text, source: sourceHash.text, usesValues: usesValues, files: files, bytes: bytes)
  }

  /// Feeds the kind and the name of an entry to both fingerprints; the zero byte ends the name.
  private mutating func begin(_ kind: UInt8, _ entry: SourceTree.Entry, as name: String? = nil) {
    sourceHash.add([kind])
    sourceHash.add(entry.path.utf8)
    sourceHash.add([0])
    resultHash.add([kind])
    resultHash.add((name ?? entry.path).utf8)
    resultHash.add([0])
  }

  private mutating func directory(_ entry: SourceTree.Entry) throws(AgentError) {
    begin(1, entry)
    try AgentError.wrap { () throws(SystemError) in try FileSystem.makeDirectory("\(destination)/\(entry.path)") }
  }

  private mutating func link(_ entry: SourceTree.Entry) throws(AgentError) {
    let target = entry.target ?? ""
    begin(2, entry)
    sourceHash.add(target.utf8)
    resultHash.add(target.utf8)
    try AgentError.wrap { () throws(SystemError) in try FileSystem.makeLink("\(destination)/\(entry.path)", to: target)
    }
  }

  private mutating func file(_ entry: SourceTree.Entry) throws(AgentError) {
    begin(3, entry)
    let from = "\(tree.root)/\(entry.path)"
    let to = "\(destination)/\(entry.path)"
    var count = 0
    do {
      let input = try FileSystem.open(from, O_RDONLY)
      let output = try FileSystem.open(to, O_WRONLY | O_CREAT | O_EXCL)
      while case .bytes(let read) = try input.read(into: &buffer) {
        sourceHash.add(buffer[..<read])
        resultHash.add(buffer[..<read])
        try FileSystem.writeAll(buffer[..<read], to: output, to)
        count += read
      }
      try finish(output, to, entry)
    } catch {
      // Kubelet removes the directory that it replaced.
      throw error.code == .notFound
        ? AgentError(.changed, "\(entry.path) went away while it was read") : AgentError(error)
    }
    end(count, count)
  }

  private mutating func template(_ entry: SourceTree.Entry, _ plain: Set<String>) throws(AgentError) {
    let name = String(entry.path.dropLast(Self.suffix.count))
    guard !name.isEmpty, !name.hasSuffix("/"), !plain.contains(name) else {
      throw AgentError(.template, "\(entry.path) would become \(name), which the source holds too")
    }
    guard let values else { throw AgentError(.template, "\(entry.path) needs the pod's values (--pod DIR)") }
    begin(4, entry, as: name)
    usesValues = true
    let text = try AgentError.wrap { () throws(SystemError) in
      try FileSystem.read("\(tree.root)/\(entry.path)", limit: Self.templateLimit)
    }
    guard let text else { throw AgentError(.changed, "\(entry.path) went away while it was read") }
    let rendered = try ValueTemplate(text, name: entry.path).render(values)
    sourceHash.add(text)
    resultHash.add(rendered)
    try AgentError.wrap { () throws(SystemError) in
      let output = try FileSystem.open("\(destination)/\(name)", O_WRONLY | O_CREAT | O_EXCL)
      try FileSystem.writeAll(rendered[...], to: output, name)
      try finish(output, name, entry)
    }
    end(text.count, rendered.count)
  }

  /// Gives the copy the permissions of its source, readable for all because the game is another user.
  private func finish(_ output: borrowing Descriptor, _ path: String, _ entry: SourceTree.Entry) throws(SystemError) {
    let number = output.rawValue
    try FileSystem.check("open up \(path)") { fchmod(number, entry.status.mode & 0o755 | 0o444) }
    try FileSystem.check("sync \(path)") { fsync(number) }
  }

  private mutating func end(_ read: Int, _ written: Int) {
    sourceHash.add(UInt64(read))
    resultHash.add(UInt64(written))
    files += 1
    bytes += written
  }
}
