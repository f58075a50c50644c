internal import CLinux
internal import Glibc

/// A thread with a name that runs one closure; whoever holds it must join it.
public struct LoopThread: ~Copyable, @unchecked Sendable {
  // Safe because a thread handle is a number that is only given to pthread_join, once (`consuming`).
  private let handle: pthread_t

  /// Starts a thread.
  /// - Parameter name: Shown by `top -H` and debuggers; the kernel keeps 15 bytes.
  /// - Throws: A `SystemError` when the system has no room for another thread.
  public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    var handle = pthread_t()
    let failure = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = unsafe start.name.withCString { unsafe clinux_name_this_thread($0) }
        start.body()
        return nil
      }, unsafe start.toOpaque())
    if failure != 0 {
      unsafe start.release()
      throw SystemError(code: .init(rawValue: failure), operation: "start the thread \(name)")
    }
    self.handle = handle
  }

  /// Waits until the closure has returned.
  public consuming func join() {
    _ = pthread_join(handle, nil)
  }

  private final class Start {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = String(name.prefix(15))
      self.body = body
    }
  }
}

extension EventLoop {
  /// How many threads can run at once: the processors that the process may use.
  public static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// How many descriptors the process may have open (the soft limit of `RLIMIT_NOFILE`).
  public static var descriptorLimit: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return Int(clamping: limit.rlim_cur)
  }
}
