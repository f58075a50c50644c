import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("Signals and files as events", .serialized)
struct WatcherTests {
  @Test("reports signals on the loop instead of dying of them")
  func reportsSignals() throws {
    let loop = try EventLoop(name: "test")
    var received: [Signal] = []
    let watcher = try SignalWatcher([.hangUp, .terminate], on: loop) { received.append($0) }
    // raise() sends to this thread, which blocks them; other tests' threads are not touched.
    _ = raise(SIGHUP)
    _ = raise(SIGTERM)
    while received.count < 2 { try loop.turn() }
    #expect(Set(received) == [.hangUp, .terminate])
    withExtendedLifetime(watcher) {}
  }

  @Test("reports the names of entries that were written, renamed or removed")
  func reportsEntries() throws {
    let directory = try TemporaryDirectory()
    let loop = try EventLoop(name: "test")
    var names: Set<String> = []
    let watcher = try DirectoryWatcher(directory.path, on: loop) { change in
      if case .entries(let changed) = change { names.formUnion(changed) }
    }
    _ = try directory.write("tls.crt", "x")
    while !names.contains("tls.crt") { try loop.turn() }
    watcher.cancel()
    let before = names
    _ = try directory.write("later", "x")
    try loop.turn(waiting: false)
    #expect(names == before)
  }

  @Test("reports the swap of a mounted Secret as a change of ..data")
  func reportsSwap() throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: directory.file("..1"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: directory.file("..data"), withDestinationPath: "..1")
    let loop = try EventLoop(name: "test")
    var names: Set<String> = []
    let watcher = try DirectoryWatcher(directory.path, on: loop) { change in
      if case .entries(let changed) = change { names.formUnion(changed) }
    }
    try FileManager.default.createDirectory(atPath: directory.file("..2"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: directory.file("..data_tmp"), withDestinationPath: "..2")
    #expect(unsafe rename(directory.file("..data_tmp"), directory.file("..data")) == 0)
    while !names.contains("..data") { try loop.turn() }
    watcher.cancel()
  }

  @Test("says that the directory is gone, once")
  func reportsRemoval() throws {
    let directory = try TemporaryDirectory()
    let inner = directory.file("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    let loop = try EventLoop(name: "test")
    var changes: [DirectoryChange] = []
    let watcher = try DirectoryWatcher(inner, on: loop) { changes.append($0) }
    try FileManager.default.removeItem(atPath: inner)
    while changes.last != .gone { try loop.turn() }
    try loop.turn(waiting: false)
    #expect(changes.filter { $0 == .gone }.count == 1)
    withExtendedLifetime(watcher) {}
  }

  @Test("names the directory that cannot be watched")
  func refusesMissingDirectory() throws {
    let loop = try EventLoop(name: "test")
    let error = #expect(throws: SystemError.self) { _ = try DirectoryWatcher("/no/such/place", on: loop) { _ in } }
    #expect(error?.code == .notFound)
    #expect(error?.description.contains("/no/such/place") == true)
  }
}
