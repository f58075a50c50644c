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
}
