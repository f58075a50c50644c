import Foundation
import TestSupport
import Testing

@Suite("Container image")
struct ImageTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(BuiltProducts.repository())/\(path)", encoding: .utf8)
  }

  /// Whether this machine has the Debian that the image is built on: libraries change their names between versions.
  private static let isImageBase: Bool = {
    guard let system = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8),
      let containerfile = try? text("deploy/Containerfile"),
      let base = containerfile.firstMatch(of: /SWIFT_IMAGE=\S*-(\w+)/)
    else { return false }
    return system.contains("VERSION_CODENAME=\(base.1)\n")
  }()

  @Test(
    "holds the libraries that the program asks for, and no others",
    .enabled(if: isImageBase, "the libraries are those of the image's Debian, and this is another system"))
  func libraries() throws {
    let script = "\(try BuiltProducts.repository())/deploy/image-root"
    let output = try ChildProcess.run(script, ["--check", BuiltProducts.executable("gatehouse")])
    #expect(output.exit == .code(0), "\(output.standardError)")
  }

  @Test(
    "is refused where the list has a library too many or too few", .enabled(if: isImageBase, "another system"),
    arguments: [("libcurl.so.4\n", "", "> libcurl.so.4"), ("libz.so.1\n", "libz.so.1\nlibz.so.9\n", "< libz.so.9")])
  func refuses(old: String, new: String, message: String) throws {
    let folder = try TemporaryDirectory()
    let list = folder.file("list")
    try Self.text("deploy/image.libraries").replacing(old, with: new).write(
      toFile: list, atomically: true, encoding: .utf8)
    let script = "\(try BuiltProducts.repository())/deploy/image-root"
    let output = try ChildProcess.run(
      "env", ["GATEHOUSE_LIBRARIES=\(list)", script, "--check", BuiltProducts.executable("gatehouse")])
    #expect(output.exit == .code(1))
    #expect(output.standardError.contains(message), "\(output.standardError)")
  }

  @Test("holds the program under its name and under that of OpenKruiseGame's, which both start the manager")
  func names() throws {
    let folder = try TemporaryDirectory()
    let program = try BuiltProducts.executable("gatehouse")
    // A debug build asks for the toolchain's libraries too; the list is the other tests' affair.
    let list = try folder.write(
      "list",
      ChildProcess.run("ldd", [program]).standardOutput.split(separator: "\n").filter { $0.contains("=>") }
        .compactMap { $0.split(separator: " ").first?.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n"))
    let root = folder.file("image")
    let made = try ChildProcess.run(
      "env", ["GATEHOUSE_LIBRARIES=\(list)", "\(BuiltProducts.repository())/deploy/image-root", program, root])
    #expect(made.exit == .code(0), "\(made.standardError)")
    // Of the same folder, so that the link leads somewhere in a container too.
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/manager") == "gatehouse")
    for command in [["\(root)/manager"], ["\(root)/gatehouse", "manager"]] {
      let help = try ChildProcess.run(command[0], command.dropFirst() + ["--help"])
      #expect(help.exit == .code(0), "\(help.standardError)")
      #expect(help.standardOutput.contains("--leader-elect"))
    }
  }

  @Test("the script parses, and refuses arguments that it does not know")
  func script() throws {
    let script = "\(try BuiltProducts.repository())/deploy/image-root"
    #expect(try ChildProcess.run("bash", ["-n", script]).exit == .code(0))
    for arguments in [[], ["--check", "/nonsense"], ["/bin/sh", "/tmp"]] {
      #expect(try ChildProcess.run(script, arguments).exit == .code(2))
    }
  }

  @Test("the Containerfile makes what the manifests and the sidecar start, as a user without rights")
  func containerfile() throws {
    let text = try Self.text("deploy/Containerfile")
    for target in ["gatehouse", "agent"] {
      let stage = try #require(text.components(separatedBy: "\nFROM ").first { $0.contains("AS \(target)\n") })
      #expect(stage.hasPrefix("scratch "))
      #expect(stage.contains("USER 65532:65532"))
      #expect(stage.contains("ENTRYPOINT [\"/gatehouse\""))
    }
    for (product, flags) in [
      ("gatehouse", ["--static-swift-stdlib"]), ("hot-reload-agent", ["-static-executable", "-Osize"]),
    ] {
      let line = try #require(
        text.split(separator: "\n").first { $0.contains("swift build") && $0.contains("--product \(product)") })
      for flag in flags { #expect(line.contains(flag)) }
    }
  }
}
