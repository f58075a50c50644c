import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("The configuration of an Ingress")
struct IngressConfigurationTests {
  func configuration(_ parameters: KeyValuePairs<String, String>) throws(PluginError) -> KubernetesIngress.Configuration
  {
    try KubernetesIngress.Configuration(parameters.map { NetworkParameter($0.key, $0.value) }, ordinal: 3)
  }

  @Test("gives a path without a type or port of its own the first of them")
  func positions() throws {
    let one = try configuration(["Path": "/a<id>", "Path": "/b", "PathType": "Prefix", "Port": "80"])
    #expect(one.paths == [.init(path: "/a3", type: "Prefix", port: 80), .init(path: "/b", type: "Prefix", port: 80)])
    #expect(one.ports == [80])
    let more = try configuration([
      "Port": "80", "Port": "81", "Port": "82", "Path": "/a", "Path": "/b", "PathType": "Exact", "PathType": "Prefix",
    ])
    #expect(more.paths.map(\.port) == [80, 81])
    #expect(more.paths.map(\.type) == ["Exact", "Prefix"])
    #expect(more.ports == [80, 81, 82])
  }

  @Test("has the other fields")
  func fields() throws {
    let configuration = try configuration([
      "Path": "/", "PathType": "Prefix", "Port": "80", "Host": "a", "Host": "g<id>.example",
      "IngressClassName": "nginx",
      "TlsHosts": "a, b", "TlsSecretName": "s", "Annotation": "a: b", "Annotation": "c: d:e", "Fixed": "true",
    ])
    #expect(configuration.host == "g3.example")
    #expect(configuration.ingressClass == "nginx")
    #expect(configuration.tlsHosts == ["a", "b"])
    #expect(configuration.tlsSecret == "s")
    #expect(configuration.annotations == [KeyValue("a", "b"), KeyValue("c", "d:e")])
    #expect(configuration.isFixed)
  }
}
