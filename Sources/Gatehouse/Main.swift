import ArgumentParser
import Glibc

/// The start of the process.
@main
enum Main {
  static func main() {
    do {
      // The manager takes the arguments of Deployments that were written for a Go program.
      var command = try Gatehouse.parseAsRoot(GoArguments.read(CommandLine.arguments))
      try command.run()
    } catch {
      exit(end(error))
    }
  }

  /// Says why the command ended and returns the code for it.
  ///
  /// Help and version are asked for, so they go to standard output; ArgumentParser's own code for wrong arguments (64) becomes 2.
  private static func end(_ error: any Error) -> Int32 {
    switch error {
    case let error as CommandFailure:
      Terminal.error("gatehouse: \(error)")
      return ExitStatus.unusable
    case let error as InputError:
      Terminal.error("gatehouse: \(error)")
      return ExitStatus.unusable
    default:
      let code = Gatehouse.exitCode(for: error)
      let message = Gatehouse.fullMessage(for: error)
      if code.isSuccess {
        Terminal.line(message)
      } else if !message.isEmpty {
        Terminal.error(message)
      }
      return code == .validationFailure ? ExitStatus.unusable : code.rawValue
    }
  }
}
