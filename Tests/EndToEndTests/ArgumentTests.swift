import TestSupport
import Testing

/// What the program says to arguments, right and wrong: the code, the stream, the words that help.
@Suite struct ArgumentTests {
  /// A command line with what it has to end with and say.
  struct Case: CustomTestStringConvertible, Sendable {
    let line: String
    let code: Int32
    let words: [String]
    var testDescription: String { "gatehouse \(line)" }

    init(_ line: String, _ code: Int32, _ words: String...) {
      self.line = line
      self.code = code
      self.words = words
    }
  }

  @Test(
    "answers on standard output what was asked for",
    arguments: [
      Case("", 0, "serve"), Case("--version", 0, "0.1.0"),
      Case("--help", 0, "serve", "review", "lint", "certs", "plugins"),
      Case("help serve", 0, "--objects", "--webhook-port", "--cert-dir"), Case("serve --help", 0, "ready https="),
      Case("review --help", 0, "--operation", "diff"), Case("lint --help", 0, "file:line: level: message"),
      Case("certs --help", 0, "--dns", "--show"), Case("plugins --help", 0, "networkConf"),
      Case("plugins", 0, "Kubernetes-HostPort", "JdCloud-EIP"),
      Case("plugins Kubernetes-NodePort", 0, "PortProtocols", "required"), Case("plugins -o json", 0, "\"parameters\""),
    ])
  func answers(_ test: Case) throws {
    let output = try Program.run(line: test.line)
    #expect(output.exit == .code(test.code))
    for word in test.words { #expect(output.standardOutput.contains(word)) }
    #expect(output.standardError.isEmpty)
  }

  @Test(
    "refuses with code 2 on standard error, naming what is wrong and what is accepted",
    arguments: [
      Case("simulate --port x", 2, "--port", "0 to 65535"),
      Case("nonsense", 2, "nonsense"), Case("--nonsense", 2, "--nonsense"),
      Case("serve --webhook-port 70000", 2, "70000", "webhook-port", "0 to 65535"),
      Case("serve --threads 0", 2, "1 to 256"), Case("serve --validation lax", 2, "strict", "warn"),
      Case("serve --log-format xml", 2, "text", "json"), Case("serve --log-level loud", 2, "debug"),
      Case("serve --objects /nonexistent", 2, "/nonexistent", "No such file"),
      Case("serve --bind-address not-an-address --webhook-port 0", 2, "not-an-address"),
      Case("serve --bind-address= --webhook-port 0", 2, "--bind-address", "0.0.0.0"),
      Case("serve --cert-dir= --webhook-port 0", 2, "--cert-dir"), Case("certs --dns a --dir=", 2, "--dir"),
      Case("serve --client-ca EXAMPLES/pod.yaml --webhook-port 0", 2, "pod.yaml", "--client-ca", "PEM"),
      Case("serve --provider-config /nonexistent.toml", 2, "/nonexistent.toml"),
      Case("serve --client-ca /nonexistent.pem", 2, "/nonexistent.pem"),
      Case("serve --cert-dir /proc/certs", 2, "/proc/certs"), Case("review /nonexistent.yaml", 2, "/nonexistent.yaml"),
      Case("review -o picture", 2, "summary", "diff"), Case("review --operation PATCH EXAMPLES/pod.yaml", 2, "CREATE"),
      Case("review --operation UPDATE EXAMPLES/pod.yaml", 2, "--old"),
      Case("review --old EXAMPLES/pod.yaml EXAMPLES/pod.yaml", 2, "--operation"), Case("lint", 2, "<path>"),
      Case("lint /nonexistent", 2, "/nonexistent"), Case("certs", 2, "--dir", "--show"),
      Case("certs --dir /tmp/gatehouse-never", 2, "--dns"),
      Case("certs --show /nonexistent", 2, "/nonexistent/tls.crt"),
      Case("certs --show a --force", 2, "--show"), Case("certs --dns a..b --dir /proc/never", 2, "a..b"),
      Case("certs --dns a --dir b --days 0", 2, "1 to 3650"), Case("plugins Nope", 2, "Nope", "Kubernetes-HostPort"),
    ])
  func refuses(_ test: Case) throws {
    let output = try Program.run(line: test.line)
    #expect(output.exit == .code(test.code))
    for word in test.words { #expect(output.standardError.contains(word), "\(output.standardError)") }
    #expect(output.standardOutput.isEmpty)
  }
}
