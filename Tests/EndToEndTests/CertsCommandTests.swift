import TestSupport
import Testing

/// `gatehouse certs`: pairs that servers and clients take.
@Suite struct CertsCommandTests {
  @Test("makes an authority and a pair that other programs accept")
  func make() throws {
    let folder = try TemporaryDirectory()
    let dir = folder.file("new/pair")
    let made = try Program.run(["certs", "--dns", "localhost", "--dns", "10.0.0.1", "--dir", dir])
    #expect(made.exit == .code(0))
    let check = try ChildProcess.run("openssl", ["verify", "-CAfile", "\(dir)/ca.crt", "\(dir)/tls.crt"])
    #expect(check.exit == .code(0), "\(check.standardError)")
    let show = try Program.run(["certs", "--show", dir])
    #expect(show.exit == .code(0))
    for words in ["localhost, 10.0.0.1", "365 days left", "CN=gatehouse-ca"] {
      #expect(show.standardOutput.contains(words))
    }
    let mode = try ChildProcess.run("stat", ["-c", "%a", "\(dir)/tls.key", "\(dir)/ca.key", "\(dir)/tls.crt"])
    #expect(mode.standardOutput == "600\n600\n644\n")
  }

  @Test("never overwrites a key without --force, and then keeps the authority")
  func force() throws {
    let folder = try TemporaryDirectory()
    let command = ["certs", "--dns", "localhost", "--dir", folder.path]
    _ = try Program.run(command)
    let before = (try folder.read("tls.key"), try folder.read("ca.crt"))
    let refused = try Program.run(command)
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("--force"))
    #expect(try folder.read("tls.key") == before.0)
    #expect(try Program.run(command + ["--force"]).exit == .code(0))
    #expect(try folder.read("tls.key") != before.0)
    #expect(try folder.read("ca.crt") == before.1)
  }

  @Test("tells a pair that would not serve, with code 1")
  func mismatch() throws {
    let one = try TemporaryDirectory()
    let other = try TemporaryDirectory()
    for folder in [one.path, other.path] { _ = try Program.run(["certs", "--dns", "localhost", "--dir", folder]) }
    try one.write("tls.key", other.read("tls.key"))
    let shown = try Program.run(["certs", "--show", one.path])
    #expect(shown.exit == .code(1))
    #expect(shown.standardOutput.contains("problem: tls.key"))
    let served = try Program.run(["serve", "--webhook-port", "0", "--health-port", "0", "--cert-dir", one.path])
    #expect(served.exit == .code(2))
    #expect(served.standardError.contains("matching pair"))
  }

  @Test("never replaces a certificate without --force, also where its key is missing")
  func forceForCertificate() throws {
    let folder = try TemporaryDirectory()
    try folder.write("tls.crt", "somebody's")
    let refused = try Program.run(["certs", "--dns", "localhost", "--dir", folder.path])
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("tls.crt is there already"))
    #expect(try folder.read("tls.crt") == Array("somebody's".utf8))
  }

  @Test("serve signs with the authority of its folder, and makes nothing where that one's key is missing")
  func servingAuthority() throws {
    let folder = try TemporaryDirectory()
    _ = try Program.run(["certs", "--dns", "localhost", "--dir", folder.path])
    let authority = try folder.read("ca.crt")
    for file in ["tls.crt", "tls.key"] { _ = try ChildProcess.run("rm", [folder.file(file)]) }
    let ports = ["--webhook-port", "0", "--health-port", "0", "--cert-dir", folder.path]
    let server = try ChildProcess(Program.path(), ["serve"] + ports)
    _ = try server.line(startingWith: "ready ")
    #expect(try folder.read("ca.crt") == authority)
    let check = try ChildProcess.run("openssl", ["verify", "-CAfile", folder.file("ca.crt"), folder.file("tls.crt")])
    #expect(check.exit == .code(0), "\(check.standardError)")

    for file in ["tls.crt", "tls.key", "ca.key"] { _ = try ChildProcess.run("rm", [folder.file(file)]) }
    let refused = try Program.run(["serve"] + ports)
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("ca.key"))
    #expect(try folder.read("ca.crt") == authority)
  }
}
