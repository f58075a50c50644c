import EventLoop
import Glibc
import Synchronization

@testable import HotReload

/// A thread that reads whole sets as fast as it can, as a game does: it opens the current folder once and reads every file in it.
final class SetReader: Sendable {
  /// What a reader saw.
  struct Result: Sendable {
    /// The first sets that were mixed or incomplete; more than a few say nothing new.
    var faults: [String] = []
    /// The contents in the order in which they were seen, each once.
    var generations: [String] = []

    mutating func add(_ fault: String) {
      if faults.count < 5 { faults.append(fault) }
    }
  }

  private let revisions: PublishedRevisions
  private let names: [String]
  private let isStopped = Atomic(false)
  private let result = Mutex(Result())
  private let thread = Mutex<LoopThread?>(nil)

  init(_ revisions: PublishedRevisions, names: [String]) throws {
    self.revisions = revisions
    self.names = names
    try thread.withLock { slot in slot = try LoopThread(name: "reader") { [self] in run() } }
  }

  /// Ends the thread and tells what it saw.
  func stop() -> Result {
    isStopped.store(true, ordering: .relaxed)
    let taken = thread.withLock { $0.take() }
    taken?.join()
    return result.withLock { $0 }
  }

  private func run() {
    while !isStopped.load(ordering: .relaxed) {
      let folder = unsafe open(revisions.path("..data"), O_RDONLY | O_DIRECTORY)
      guard folder >= 0 else {
        let code = errno
        result.withLock { $0.add("no set: errno \(code)") }
        continue
      }
      let contents = names.map { read($0, in: folder) }
      close(folder)
      let distinct = Set(contents)
      result.withLock { result in
        if distinct.count != 1 || distinct.contains(nil) { result.add("\(contents)") }
        if let content = contents[0], result.generations.last != content { result.generations.append(content) }
      }
    }
  }

  private func read(_ name: String, in folder: Int32) -> String? {
    let file = unsafe openat(folder, name, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
