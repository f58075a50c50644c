import Kubernetes
import Telemetry
import TestSupport
import Testing

@testable import KubeClient

@Suite struct CredentialSourceTests {
  private let path = ["PATH": "/usr/bin:/bin"]

  private func source(_ authorization: Credentials.Authorization) -> CredentialSource {
    CredentialSource(Credentials(authorization: authorization), environment: path)
  }

  @Test("makes the header of each kind of login")
  func headers() async throws {
    #expect(try await source(.none).current().headers == [])
    #expect(try await source(.token("t")).current().headers == ["Authorization: Bearer t"])
    let basic = source(.basic(user: "Aladdin", password: "open sesame"))
    #expect(try await basic.current().headers == ["Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="])
  }

  @Test("reads a token file again once the server has refused the old token")
  func tokenFile() async throws {
    let folder = try TemporaryDirectory()
    try folder.write("token", "one\n")
    let source = source(.tokenFile(folder.file("token")))
    let first = try await source.current()
    #expect(first.headers == ["Authorization: Bearer one"])
    try folder.write("token", "two\n")
    #expect(try await source.current() == first)
    #expect(source.invalidate(first))
    #expect(try await source.current().headers == ["Authorization: Bearer two"])
  }

  @Test("refuses a token that would break out of its header", arguments: ["a\r\nX: y", "", "a b"])
  func checksToken(token: String) async throws {
    await #expect(throws: KubernetesError.self) { try await source(.token(token)).current() }
  }

  private func script(_ folder: borrowing TemporaryDirectory, _ text: String) throws -> ExecCommand {
    try folder.write("login", text)
    return ExecCommand(command: "sh", arguments: [folder.file("login")], environment: ["WHO": "me"])
  }

  @Test("runs the program of the kubeconfig once for as long as its credential holds")
  func exec() async throws {
    let folder = try TemporaryDirectory()
    let command = try script(
      folder,
      """
      echo run >>'\(folder.file("runs"))'
      case "$KUBERNETES_EXEC_INFO" in *'"kind":"ExecCredential"'*) ;; *) exit 3 ;; esac
      echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":
        {"token":"for-'"$WHO"'","expirationTimestamp":"2999-01-01T00:00:00Z"}}'
      """)
    let source = source(.exec(command))
    async let first = source.current()
    async let second = source.current()
    #expect(try await first.headers == ["Authorization: Bearer for-me"])
    #expect(try await second == (try await first))
    #expect(try folder.read("runs") == Array("run\n".utf8))
    #expect(source.invalidate(try await first))
    _ = try await source.current()
    #expect(try folder.read("runs") == Array("run\nrun\n".utf8))
  }

  @Test("runs the program again when its credential has run out")
  func execExpired() async throws {
    let folder = try TemporaryDirectory()
    let command = try script(
      folder,
      """
      echo run >>'\(folder.file("runs"))'
      echo '{"kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"2001-01-01T00:00:00Z"}}'
      """)
    let source = source(.exec(command))
    _ = try await source.current()
    _ = try await source.current()
    #expect(try folder.read("runs") == Array("run\nrun\n".utf8))
  }

  @Test(
    "says what is wrong with the program",
    arguments: [
      ("exit 7", "failed with status 7"), ("echo nothing", "no ExecCredential"),
      (#"echo '{"kind":"ExecCredential","status":{}}'"#, "neither a token nor a certificate"),
      (#"echo '{"kind":"ExecCredential","status":{"clientKeyData":"k"}}'"#, "without its key"),
      (#"echo '{"kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"soon"}}'"#, "malformed time"),
      ("yes | head -c 3000000", "too much"),
    ])
  func execFails(text: String, reason: String) async throws {
    let folder = try TemporaryDirectory()
    let source = source(.exec(try script(folder, text)))
    await #expect {
      try await source.current()
    } throws: {
      let error = $0 as? KubernetesError
      return error?.code == .unauthorized && error?.message.contains(reason) == true
    }
  }

  @Test("tells how to install a program that is missing")
  func execMissing() async throws {
    let source = source(.exec(ExecCommand(command: "/no/such/program", installHint: "get it there")))
    await #expect {
      try await source.current()
    } throws: {
      ($0 as? KubernetesError)?.message.contains("(get it there)") == true
    }
  }
}
