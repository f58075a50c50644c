internal import CLinux
internal import Glibc

/// What happened in a directory that is watched.
public enum DirectoryChange: Sendable, Equatable {
  /// Entries of these names were made, written to the end, renamed or removed.
  case entries(Set<String>)
  /// The kernel's queue overflowed: anything may have changed.
  case unknown
  /// The directory itself was removed or moved; nothing more will be reported.
  case gone
}

/// Changes in one directory (not below it), as events of a loop (`inotify(7)`).
///
/// Kubernetes swaps the content of a mounted Secret or ConfigMap by renaming the symbolic link `..data`, which is
/// reported as the entry `..data`. File systems that are shared over a network report nothing, so users of this also
/// look at the files from time to time.
public final class DirectoryWatcher: EventHandler {
  private static let interest =
    UInt32(CLINUX_ENTRY_CHANGES) | UInt32(IN_DELETE_SELF | IN_MOVE_SELF) | UInt32(IN_ONLYDIR)
  /// Room for at least 15 events with the longest names (16 + 256 bytes each); the kernel keeps what does not fit.
  private static let bufferSize = 4096

  private let descriptor: Descriptor
  private let changed: (DirectoryChange) -> Void
  private let loop: EventLoop
  private var registration: EventLoop.Registration?

  /// Starts watching; changes are reported on the loop until `cancel()`.
  /// - Throws: A `SystemError` that names the path when it is no directory that can be read.
  public init(_ path: String, on loop: EventLoop, changed: @escaping (DirectoryChange) -> Void) throws(SystemError) {
    descriptor = Descriptor(
      owning: Int32(
        try systemCall("watch files") {
          Int(clinux_make_inotify())
        }))
    self.changed = changed
    self.loop = loop
    let raw = descriptor.rawValue
    _ = try systemCall("watch \(path)") { unsafe negatedErrno(Int(inotify_add_watch(raw, path, Self.interest))) }
    registration = try loop.add(raw, for: .readable, handler: self)
  }

  /// Stops watching; on the loop's thread.
  public func cancel() {
    guard let registration else { return }
    self.registration = nil
    loop.remove(registration)
  }

  /// Reads the events that came in and reports them as one change.
  public func ready(_ readiness: Readiness) {
    var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    while case .bytes(let count)? = try? descriptor.read(into: &buffer) {
      let change = Self.change(in: buffer[..<count])
      if change == .gone { cancel() }
      changed(change)
      if change == .gone { return }
    }
  }

  /// Decodes a batch of `struct inotify_event`: watch, mask, cookie and name length (4 bytes each), then the name.
  private static func change(in bytes: ArraySlice<UInt8>) -> DirectoryChange {
    var names: Set<String> = []
    var rest = bytes
    while rest.count >= 16 {
      let mask = word(rest, 4)
      let length = Int(word(rest, 12))
      if mask & UInt32(IN_Q_OVERFLOW) != 0 { return .unknown }
      if mask & UInt32(CLINUX_DIRECTORY_GONE) != 0 { return .gone }
      let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
      if !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
      rest = rest.dropFirst(16 + length)
    }
    return .entries(names)
  }

  private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + offset + $1]) << (8 * UInt32($1)) }
  }
}
