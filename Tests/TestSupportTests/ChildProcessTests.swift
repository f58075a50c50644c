import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ChildProcessTests {
  @Test("reads lines, the last without a line feed too, then the end")
  func lines() throws {
    let child = try ChildProcess("sh", ["-c", "echo one; echo; printf three"])
    #expect(try child.nextLine() == "one")
    #expect(try child.nextLine() == "")
    #expect(try child.nextLine() == "three")
    #expect(try child.nextLine() == nil)
    #expect(try child.waitForExit() == .code(0))
  }

  @Test("tells the code, the output and the errors of a program that ends")
  func run() throws {
    let output = try ChildProcess.run(
      "sh", ["-c", "cat; pwd; echo $WORD >&2; exit 3"], input: Array("in\n".utf8), environment: ["WORD": "err"],
      directory: "/")
    #expect(output.exit == .code(3))
    #expect(output.standardOutput == "in\n/\n")
    #expect(output.standardError == "err\n")
  }

  @Test("delivers signals")
  func signals() throws {
    let child = try ChildProcess("sh", ["-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do read x; done"])
    _ = try child.line(startingWith: "ready")
    child.send(SIGKILL)
    #expect(try child.waitForExit() == .signal(SIGKILL))
    child.send(SIGTERM)
  }

  @Test("does not get stuck on much output")
  func muchOutput() throws {
    let output = try ChildProcess.run("sh", ["-c", "head -c 3000000 /dev/zero; head -c 1000000 /dev/zero >&2"])
    #expect(output.standardOutput.utf8.count == 3_000_000)
    #expect(output.standardError.utf8.count == 1_000_000)
  }

  @Test("fails, with the errors so far, when a line or the end does not come in time")
  func late() throws {
    let child = try ChildProcess("sh", ["-c", "echo oops >&2; echo ready; printf part; exec sleep 600"])
    _ = try child.line(startingWith: "ready")
    let line = #expect(throws: ChildProcess.Failure.self) { try child.nextLine(within: .zero) }
    #expect(line?.description.contains("oops") == true)
    #expect(throws: ChildProcess.Failure.self) { try child.waitForExit(within: .zero) }
  }

  @Test("kills a program that still runs when nobody holds it")
  func killed() throws {
    var child: ChildProcess? = try ChildProcess("sh", ["-c", "echo $$; exec sleep 600"])
    let line = try child?.nextLine()
    let identifier = try #require(line.flatMap { pid_t($0) })
    child = nil
    // The thread that reaps it is not this one: the id is gone when the signal 0 finds nobody.
    let deadline = ContinuousClock.now + ChildProcess.patience
    while kill(identifier, 0) == 0, ContinuousClock.now < deadline { sched_yield() }
    #expect(kill(identifier, 0) == -1)
  }

  @Test("says which program cannot be started")
  func missing() {
    let failure = #expect(throws: ChildProcess.Failure.self) { try ChildProcess("/nonexistent/program") }
    #expect(failure?.description.contains("/nonexistent/program") == true)
  }
}
