import JSON
import TestSupport
import Testing

@testable import KubeClient

@Suite struct KubeConfigTests {
  private func config(_ text: String, folder: String = "/home/me/.kube") throws -> KubeConfig {
    KubeConfig(try JSONDocument(text).root, folder: folder)
  }

  private func config(cluster: String = #"{"server":"https://h:6443"}"#, user: String = "{}") throws -> KubeConfig {
    try config(
      """
      {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k","user":"u"}}],
       "clusters":[{"name":"k","cluster":\(cluster)}],"users":[{"name":"u","user":\(user)}]}
      """)
  }

  @Test("picks the current context, or the one that is named")
  func contexts() throws {
    let config = try config(
      """
      {"current-context":"b","contexts":[
        {"name":"a","context":{"cluster":"one","namespace":"games"}},{"name":"b","context":{"cluster":"two"}}],
       "clusters":[{"name":"one","cluster":{"server":"https://one/"}},{"name":"two","cluster":{"server":"two:8080"}}]}
      """)
    #expect(config.contexts == ["a", "b"])
    let current = try config.configuration()
    #expect(current.endpoint.server == "http://two:8080")
    #expect(current.namespace == "default")
    let named = try config.configuration(context: "a")
    #expect(named.endpoint.server == "https://one")
    #expect(named.namespace == "games")
  }

  @Test("of several files the first that defines a name wins")
  func merges() throws {
    func file(_ server: String, _ folder: String, current: String) throws -> KubeConfig.File {
      let text = """
        {"current-context":"\(current)","contexts":[{"name":"c","context":{"cluster":"k"}}],
         "clusters":[{"name":"k","cluster":{"server":"\(server)","certificate-authority":"ca.pem"}}]}
        """
      return KubeConfig.File(try JSONDocument(text).root, folder: folder)
    }
    let files = [try file("https://one", "/one", current: ""), try file("https://two", "/two", current: "c")]
    let configuration = try KubeConfig(files).configuration()
    #expect(configuration.endpoint.server == "https://one")
    #expect(configuration.endpoint.trust == .file("/one/ca.pem"))
  }

  @Test(
    "reads whom to trust",
    arguments: [
      (#"{"server":"https://h"}"#, Endpoint.Trust.system),
      (#"{"server":"https://h","certificate-authority":"/etc/ca"}"#, .file("/etc/ca")),
      (#"{"server":"https://h","certificate-authority":"ca"}"#, .file("/home/me/.kube/ca")),
      (
        #"{"server":"https://h","certificate-authority":"ca","certificate-authority-data":"aGk="}"#,
        .pem(Array("hi".utf8))
      ),
      (#"{"server":"https://h","insecure-skip-tls-verify":true,"certificate-authority":"ca"}"#, .nothing),
    ])
  func trust(cluster: String, trust: Endpoint.Trust) throws {
    #expect(try config(cluster: cluster).configuration().endpoint.trust == trust)
  }

  @Test("reads the server's other name and the proxy")
  func names() throws {
    let cluster = #"{"server":"https://10.0.0.1:6443/base","tls-server-name":"api.test","proxy-url":"socks5://p:1080"}"#
    let endpoint = try config(cluster: cluster).configuration().endpoint
    #expect(endpoint.requestBase == "https://api.test:6443/base")
    #expect(endpoint.connectTo == "api.test:6443:10.0.0.1:6443")
    #expect(endpoint.hostHeader == "Host: 10.0.0.1:6443")
    #expect(endpoint.proxy == "socks5://p:1080")
  }

  @Test("an IPv6 address keeps its brackets")
  func ipv6() {
    let endpoint = Endpoint(server: "https://[fd00::1]", tlsServerName: "api.test")
    #expect(endpoint.connectTo == "api.test:443:[fd00::1]:443")
  }

  @Test(
    "reads who logs in",
    arguments: [
      ("{}", Credentials()),
      (#"{"token":"t"}"#, Credentials(authorization: .token("t"))),
      (#"{"token":"t","tokenFile":"tok"}"#, Credentials(authorization: .tokenFile("/home/me/.kube/tok"))),
      (#"{"username":"me","password":"x"}"#, Credentials(authorization: .basic(user: "me", password: "x"))),
      (
        #"{"client-certificate":"c.pem","client-key":"/k.pem"}"#,
        Credentials(identity: .files(certificate: "/home/me/.kube/c.pem", key: "/k.pem"))
      ),
      (
        #"{"client-certificate-data":"Yw==","client-key-data":"aw=="}"#,
        Credentials(identity: .pem(certificate: Array("c".utf8), key: Array("k".utf8)))
      ),
      (
        #"{"token":"t","as":"other","as-groups":["a","b"]}"#,
        Credentials(authorization: .token("t"), impersonation: .init(user: "other", groups: ["a", "b"]))
      ),
      (
        """
        {"exec":{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"./login","args":["a"],
        "env":[{"name":"X","value":"y"}],"installHint":"hint"}}
        """,
        Credentials(
          authorization: .exec(
            ExecCommand(
              command: "/home/me/.kube/./login", arguments: ["a"], environment: ["X": "y"],
              apiVersion: "client.authentication.k8s.io/v1beta1", installHint: "hint")))
      ),
    ])
  func users(user: String, credentials: Credentials) throws {
    #expect(try config(user: user).configuration().credentials == credentials)
  }

  @Test(
    "says what is wrong",
    arguments: [
      (#"{}"#, ConfigurationError.Code.missing),
      (#"{"current-context":"c"}"#, .missing),
      (#"{"current-context":"c","contexts":[{"name":"c","context":{}}]}"#, .missing),
      (#"{"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"}}]}"#, .missing),
    ])
  func errors(text: String, code: ConfigurationError.Code) throws {
    let config = try config(text)
    #expect { try config.configuration() } throws: { ($0 as? ConfigurationError)?.code == code }
  }

  @Test(
    "refuses users that it cannot be",
    arguments: [
      (#"{"auth-provider":{"name":"oidc"}}"#, ConfigurationError.Code.unsupported),
      (#"{"exec":{"command":"x","apiVersion":"other/v1"}}"#, .unsupported),
      (#"{"exec":{"command":"x","interactiveMode":"Always"}}"#, .unsupported),
      (#"{"exec":{}}"#, .missing),
      (#"{"client-certificate-data":"!"}"#, .malformed),
      (#"{"client-certificate":"c"}"#, .missing),
    ])
  func refusesUsers(user: String, code: ConfigurationError.Code) throws {
    let config = try config(user: user)
    #expect { try config.configuration() } throws: { ($0 as? ConfigurationError)?.code == code }
  }

  @Test("finds a service account in a pod, with an address of either kind")
  func inCluster() throws {
    let folder = try TemporaryDirectory()
    for (name, text) in [("token", "tok\n"), ("ca.crt", "pem"), ("namespace", "games\n")] {
      try folder.write(name, text)
    }
    func make(_ host: String) throws -> ClientConfiguration {
      try .inCluster(
        environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"], folder: folder.path)
    }
    let configuration = try make("10.0.0.1")
    #expect(configuration.endpoint == Endpoint(server: "https://10.0.0.1:443", trust: .file("\(folder.path)/ca.crt")))
    #expect(configuration.credentials.authorization == .tokenFile("\(folder.path)/token"))
    #expect(configuration.namespace == "games")
    #expect(try make("fd00::1").endpoint.server == "https://[fd00::1]:443")
  }

  @Test("says that it is not in a cluster")
  func notInCluster() {
    #expect { try ClientConfiguration.inCluster(environment: [:]) } throws: {
      ($0 as? ConfigurationError)?.code == .notInCluster
    }
  }
}
