public import Glibc
import Synchronization

/// A program that a test runs: its output line by line with deadlines, its signals, its end.
///
/// Standard error goes to a file, so that a talkative program cannot get stuck on it. A program that still runs when
/// the value goes away is killed.
public final class ChildProcess: Sendable {
  /// How a program ended.
  public enum Exit: Equatable, Sendable {
    /// By itself, with this code.
    case code(Int32)
    /// By this signal.
    case signal(Int32)
  }

  /// Why a program could not be run or waited for.
  public struct Failure: Error, CustomStringConvertible {
    /// What went wrong, and what the program wrote to standard error.
    public let description: String

    /// Creates a failure with its description.
    public init(description: String) {
      self.description = description
    }
  }

  /// What ``run(_:_:input:environment:directory:within:)`` saw.
  public struct Output: Sendable {
    /// How the program ended.
    public let exit: Exit
    /// Everything on standard output.
    public let standardOutput: String
    /// Everything on standard error.
    public let standardError: String
  }

  /// Long enough for a loaded machine; only a failing test waits so long.
  public static let patience: Duration = .seconds(60)

  /// The process id.
  public let identifier: pid_t

  private let lines: Mutex<LineReader>
  private let errors: TemporaryFile
  private let reaper: Reaper

  /// Starts a program by its path, or by its name in `PATH`.
  ///
  /// - Parameters:
  ///   - environment: Added to the test's own environment.
  ///   - directory: Where the program starts; the test's own when absent.
  ///   - input: What it finds on standard input.
  /// - Throws: ``Failure`` when it cannot be started.
  public init(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
    directory: String? = nil
  ) throws(Failure) {
    let output = try Channel()
    let exited = try Channel()
    let errors = try TemporaryFile()
    let input = try TemporaryFile(contents: input)
    // `env` changes the folder and becomes the program: same process, same id.
    let command = (directory.map { ["env", "-C", $0] } ?? []) + [program] + arguments
    let spawn = Spawn(
      command: command, environment: environment,
      descriptors: [input.descriptor, output.writeEnd, errors.descriptor])
    identifier = try spawn.start()
    reaper = Reaper(identifier, exited: exited)
    self.errors = errors
    lines = Mutex(LineReader(output.takeReadEnd()))
  }

  deinit {
    reaper.send(SIGKILL)
  }

  /// The next line of standard output without its line feed, or nothing at the end of the output.
  ///
  /// - Throws: ``Failure`` when no whole line came in time.
  public func nextLine(within limit: Duration = ChildProcess.patience) throws(Failure) -> String? {
    let deadline = ContinuousClock.now.advanced(by: limit)
    let step = lines.withLock { $0.nextLine(until: deadline) }
    switch step {
    case .line(let line): return line
    case .end: return nil
    case .late(let part): throw failure("no line within \(limit); so far: \(part)")
    }
  }

  /// Reads lines until one begins with `prefix`, and returns that.
  ///
  /// - Throws: ``Failure`` when the output ended, or the time, before it came.
  public func line(
    startingWith prefix: String, within limit: Duration = ChildProcess.patience
  ) throws(Failure) -> String {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while let line = try nextLine(within: ContinuousClock.now.duration(to: deadline)) {
      if line.hasPrefix(prefix) { return line }
    }
    throw failure("the output ended before a line with \(prefix)")
  }

  /// Sends a signal; to a program that has ended, nothing.
  public func send(_ signal: Int32) {
    reaper.send(signal)
  }

  /// Waits for the end of the program, reading away what it still writes.
  ///
  /// - Throws: ``Failure`` when it has not ended in time; it goes on.
  public func waitForExit(within limit: Duration = ChildProcess.patience) throws(Failure) -> Exit {
    let deadline = ContinuousClock.now.advanced(by: limit)
    let exit = lines.withLock { lines in
      lines.readUntilReadable(reaper.exited, until: deadline) ? reaper.exit : nil
    }
    guard let exit else { throw failure("still running after \(limit)") }
    return exit
  }

  /// What the program wrote to standard error up to now.
  public var standardError: String {
    errors.text
  }

  /// Runs a program to its end.
  ///
  /// - Throws: ``Failure`` when it cannot be started or does not end in time.
  public static func run(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
    directory: String? = nil, within limit: Duration = ChildProcess.patience
  ) throws(Failure) -> Output {
    let child = try ChildProcess(
      program, arguments, input: input, environment: environment, directory: directory)
    let exit = try child.waitForExit(within: limit)
    let output = child.lines.withLock { $0.takeRest() }
    return Output(exit: exit, standardOutput: output, standardError: child.standardError)
  }

  private func failure(_ reason: String) -> Failure {
    Failure(description: "\(reason)\nstandard error:\n\(standardError)")
  }
}
