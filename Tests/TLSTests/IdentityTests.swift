import TestSupport
import Testing

@testable import TLS

@Suite("Certificates and keys")
struct IdentityTests {
  private static let now = UnixTime(seconds: 1_800_000_000)
  private static let year = Duration.seconds(365 * 86_400)

  private func authority(_ name: String = "test authority", validity: Duration = year) throws -> Identity {
    try Identity.makeAuthority(commonName: name, validity: validity, now: Self.now)
  }

  private func names(_ texts: [String]) throws -> [AlternativeName] {
    try texts.map { try AlternativeName($0) }
  }

  @Test("makes an authority and a serving pair that name what they were asked to")
  func makesPairs() throws {
    let authority = try authority()
    let serving = try authority.issueServing(
      commonName: "gatehouse", names: names(["a.example", "*.svc", "127.0.0.1", "::1"]), validity: .seconds(3600),
      now: Self.now)
    let certificate = serving.certificate
    #expect(certificate.subject == "CN=gatehouse")
    #expect(certificate.issuer == "CN=test authority")
    #expect(certificate.names.map(\.description) == ["a.example", "*.svc", "127.0.0.1", "::1"])
    #expect(certificate.notBefore == Self.now - .seconds(300))
    #expect(certificate.notAfter == Self.now + .seconds(3600))
    #expect(!certificate.isAuthority)
    #expect(authority.certificate.isAuthority)
    #expect(certificate.fingerprint.count == 64)
    #expect(certificate.fingerprint != authority.certificate.fingerprint)
  }

  @Test("never lets a serving pair outlive its authority")
  func capsValidity() throws {
    let authority = try authority(validity: .seconds(1000))
    let serving = try authority.issueServing(
      commonName: "x", names: names(["a"]), validity: .seconds(5000), now: Self.now)
    #expect(serving.certificate.notAfter == authority.certificate.notAfter)
  }

  @Test("verifies chain, time and name as clients do")
  func verifies() throws {
    let (authority, other) = (try authority(), try authority("other authority"))
    let certificate = try authority.issueServing(
      commonName: "named.only.here", names: names(["a.example", "10.0.0.1"]), validity: .seconds(3600), now: Self.now
    ).certificate
    try certificate.verify(trusting: [other.certificate, authority.certificate], at: Self.now)
    for (authorities, time) in [
      ([other.certificate], Self.now), ([], Self.now), ([authority.certificate], Self.now + .seconds(3601)),
      ([authority.certificate], Self.now - .seconds(301)),
    ] {
      let error = #expect(throws: TLSError.self) { try certificate.verify(trusting: authorities, at: time) }
      #expect(error?.code == .untrusted)
      #expect(error?.detail.isEmpty == false)
    }
    try certificate.verify(covers: .dns("A.example"))
    try certificate.verify(covers: .address("10.0.0.1"))
    for name in [AlternativeName.dns("b.example"), .dns("named.only.here"), .address("10.0.0.2")] {
      #expect(throws: TLSError.self) { try certificate.verify(covers: name) }
    }
  }

  @Test("does not take a client's certificate for a server's")
  func refusesClientCertificate() throws {
    let authority = try authority()
    let client = try authority.issue(
      commonName: "kube-apiserver", use: "clientAuth", validity: .seconds(3600), now: Self.now)
    #expect(throws: TLSError.self) {
      try client.certificate.verify(trusting: [authority.certificate], at: Self.now)
    }
  }

  @Test("writes PEM that it reads again, and that openssl accepts")
  func writesPEM() throws {
    let authority = try Identity.makeAuthority(commonName: "now", validity: .seconds(600))
    let serving = try authority.issueServing(commonName: "x", names: names(["a.example"]), validity: .seconds(600))
    let again = try Identity(certificatePEM: serving.certificatePEM(), keyPEM: serving.keyPEM())
    #expect(again.certificate.fingerprint == serving.certificate.fingerprint)
    let directory = try TemporaryDirectory()
    let ca = try directory.write("ca.crt", authority.certificatePEM())
    let leaf = try directory.write("tls.crt", serving.certificatePEM())
    let result = try ChildProcess.run(
      "openssl",
      ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "a.example", "-CAfile", ca, leaf])
    #expect(result.exit == .code(0), "\(result.standardError)")
    let text = try ChildProcess.run("openssl", ["x509", "-in", leaf, "-noout", "-text"]).standardOutput
    for expected in ["NIST CURVE: P-256", "TLS Web Server Authentication", "Digital Signature", "CA:FALSE"] {
      #expect(text.contains(expected))
    }
  }

  @Test("refuses a key that is another certificate's")
  func refusesMismatch() throws {
    let (first, second) = (try authority(), try authority())
    let error = #expect(throws: TLSError.self) {
      try Identity(certificatePEM: first.certificatePEM(), keyPEM: second.keyPEM())
    }
    #expect(error?.code == .mismatchedPair)
    #expect(error?.description.contains("CN=test authority") == true)
  }

  @Test("refuses torn, empty and foreign bytes, and says which part they were")
  func refusesTornFiles() throws {
    let pair = try authority()
    let (certificate, key) = (try pair.certificatePEM(), try pair.keyPEM())
    for cut in [0, 1, 30, certificate.count / 2, certificate.count - 30] {
      let error = #expect(throws: TLSError.self) {
        try Identity(certificatePEM: Array(certificate.prefix(cut)), keyPEM: key)
      }
      #expect(error?.code == .malformedCertificate)
    }
    for cut in [0, 1, 30, key.count / 2, key.count - 30] {
      let error = #expect(throws: TLSError.self) {
        try Identity(certificatePEM: certificate, keyPEM: Array(key.prefix(cut)))
      }
      #expect(error?.code == .malformedKey)
    }
    #expect(throws: TLSError.self) { try Identity(certificatePEM: certificate + certificate.prefix(200), keyPEM: key) }
    #expect(throws: TLSError.self) { try Identity(certificatePEM: key, keyPEM: certificate) }
  }

  @Test("refuses an encrypted key instead of asking for its passphrase")
  func refusesEncryptedKey() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("key.pem")
    _ = try ChildProcess.run(
      "openssl",
      [
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes128", "-pass", "pass:x", "-out",
        path,
      ])
    let error = #expect(throws: TLSError.self) { try PrivateKey(pem: try directory.read("key.pem")) }
    #expect(error?.code == .malformedKey)
  }

  @Test("keeps the order of a chain")
  func readsChains() throws {
    let (first, second) = (try authority("first"), try authority("second"))
    let pem = try Array("noise\n".utf8) + first.certificatePEM() + Array("more noise\n".utf8) + second.certificatePEM()
    #expect(try Certificate.all(pem: pem).map(\.subject) == ["CN=first", "CN=second"])
  }

  @Test(
    "refuses names that cannot stand in a certificate",
    arguments: [
      "", "a..b", "-a", "a-", "a b", "a,DNS:evil", "*", "a.*", "é", String(repeating: "a", count: 64), "a\nb",
    ])
  func refusesNames(name: String) {
    let error = #expect(throws: TLSError.self) { try AlternativeName(name) }
    #expect(error?.code == .malformedName)
  }

  @Test("refuses to sign without names, and by what is no authority")
  func refusesToSign() throws {
    let authority = try authority()
    #expect(throws: TLSError.self) {
      try authority.issueServing(commonName: "x", names: [], validity: .seconds(60), now: Self.now)
    }
    let serving = try authority.issueServing(
      commonName: "x", names: names(["a"]), validity: .seconds(60), now: Self.now)
    let error = #expect(throws: TLSError.self) {
      try serving.issueServing(commonName: "y", names: names(["b"]), validity: .seconds(60), now: Self.now)
    }
    #expect(error?.code == .untrusted)
    #expect(throws: TLSError.self) {
      try Identity.makeAuthority(commonName: String(repeating: "x", count: 65), validity: .seconds(60))
    }
  }

  @Test(
    "writes civil time",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_709_251_199, "2024-02-29T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func writesTime(seconds: Int64, expected: String) {
    #expect(UnixTime(seconds: seconds).description == expected)
  }
}
