import Foundation
import Glibc

/// One call of `posix_spawnp`: what to run, and which descriptors become 0, 1 and 2.
struct Spawn {
  /// The program and its arguments.
  let command: [String]
  let environment: [String: String]
  let descriptors: [Int32]

  /// Starts the program and returns its id.
  func start() throws(ChildProcess.Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    setDefaultSignals(&attributes)

    var identifier: pid_t = 0
    let settings = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let status = unsafe withCStrings(command) { arguments in
      unsafe withCStrings(settings.map { "\($0.key)=\($0.value)" }) { environment in
        unsafe posix_spawnp(&identifier, command[0], &actions, &attributes, arguments, environment)
      }
    }
    guard status == 0 else {
      throw ChildProcess.Failure(description: "cannot start \(command[0]): \(unsafe String(cString: strerror(status)))")
    }
    return identifier
  }

  /// The program starts with no signal blocked or ignored, whatever the test runner does.
  private func setDefaultSignals(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }

  /// Gives `body` a null-terminated array of C strings that lives as long as the call.
  private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("the array ends with a null") }
      return unsafe body(start)
    }
  }
}
