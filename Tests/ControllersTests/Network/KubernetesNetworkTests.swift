import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The networks of Kubernetes itself in a simulated cluster")
struct KubernetesNetworkTests {
  @Test("Ingress: what the compatibility target wrote goes with its parameters, and what others wrote stays")
  func takenOver() async throws {
    let harness = try await NetworkHarness()
    let paths: KeyValuePairs = [
      "Path": "/a<id>", "PathType": "Prefix", "Port": "80", "Host": "h.example", "Fixed": "true",
    ]
    try await harness.deploy(
      "Kubernetes-Ingress",
      parameters: paths.map { ($0.key, $0.value) } + [
        ("TlsHosts", "h.example"), ("TlsSecretName", "sec"), ("Annotation", "nginx.example/rewrite: /"),
      ], replicas: 0)
    try await harness.run()
    let set = try #require(harness.object(.gameServerSets, "game"))
    let owner: JSONValue = [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "name": "game",
      "uid": .string(set.metadata.uid), "controller": true, "blockOwnerDeletion": true,
    ]
    let backend: JSONValue = ["service": ["name": "game-0", "port": ["number": 80]]]
    let former = InProcessClient(harness.server, fieldManager: "manager")
    try await former.create(
      .ingresses, namespace: "default",
      [
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": [
          "name": "game-0", "ownerReferences": [owner],
          "annotations": ["game.kruise.io/ingress-hash": "1", "nginx.example/rewrite": "/"],
        ],
        "spec": [
          "rules": [
            [
              "host": "h.example",
              "http": ["paths": [["path": "/a0", "pathType": "Prefix", "backend": backend]]],
            ]
          ], "tls": [["hosts": ["h.example"], "secretName": "sec"]],
        ],
      ])
    try await harness.patch(.ingresses, "game-0", ["metadata": ["annotations": ["other.example/note": "kept"]]])
    try await harness.patchSet(["spec": ["replicas": 1]])
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.object(.ingresses, "game-0")?.json["spec"]?["tls"]?.count == 1)
    try await harness.configure(paths)
    try await harness.run(.seconds(60))
    let ingress = try #require(harness.object(.ingresses, "game-0"))
    #expect(ingress.json["spec"]?["tls"] == nil)
    #expect(ingress.metadata.annotations["nginx.example/rewrite"] == nil)
    #expect(ingress.metadata.annotations["other.example/note"] == "kept")
    #expect(harness.state("game-0") == .ready)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("NodePort: becomes ready, is cut and restored by the selector, and gets a new Service for a new pod")
  func nodePort() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("Kubernetes-NodePort", ["PortProtocols": "80/TCPUDP,443"])
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    let service = try #require(harness.service("game-0"))
    #expect(service.type == "NodePort")
    #expect(service.ports.map { $0["name"]?.string } == ["80-tcp", "80-udp", "443"])
    let nodePorts = service.ports.compactMap { $0["nodePort"]?.int }
    #expect(harness.status("game-0")?.externalAddresses.map { $0.ports[0].port } == nodePorts.map { .int($0) })
    #expect(
      harness.status("game-0")?.internalAddresses.map(\.ip) == Array(repeating: harness.pod("game-0")?.podIP, count: 3))

    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.service("game-0")?.selector.dictionary == ["game.kruise.io/svc-selector-disabled": "game-0"])
    #expect(harness.state("game-1") == .ready)
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.service("game-0")?.selector.dictionary == [GameLabels.podName: "game-0"])
    #expect(harness.service("game-0")?.ports.compactMap { $0["nodePort"]?.int } == nodePorts)

    let uid = harness.service("game-0")?.metadata.uid
    try await harness.kill("game-0")
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.service("game-0")?.metadata.uid != uid)
  }

  @Test("NodePort with Fixed: the Service stays when the pod is re-created, and goes with the set")
  func fixedNodePort() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("Kubernetes-NodePort", ["PortProtocols": "80", "Fixed": "true"])
    try await harness.run()
    let service = try #require(harness.service("game-0"))
    #expect(service.metadata.controller?.kind == "GameServerSet")
    try await harness.kill("game-0")
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.service("game-0")?.metadata.uid == service.metadata.uid)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run()
    #expect(harness.service("game-0") == nil)
  }

  @Test("Ingress: a Service and an Ingress with the pod's number, updated where the parameters change")
  func ingress() async throws {
    let harness = try await NetworkHarness()
    let parameters: KeyValuePairs = [
      "Path": "/game<id>(/|$)(.*)", "PathType": "ImplementationSpecific", "Port": "80", "Host": "game.example.com",
      "IngressClassName": "nginx", "Annotation": "nginx.ingress.kubernetes.io/rewrite-target: /$2",
    ]
    try await harness.deploy("Kubernetes-Ingress", parameters)
    try await harness.run()
    #expect(harness.state("game-1") == .ready)
    let ingress = try #require(harness.object(.ingresses, "game-1"))
    #expect(ingress.json["spec"]?["rules"]?[0]?["http"]?["paths"]?[0]?["path"]?.string == "/game1(/|$)(.*)")
    #expect(ingress.metadata.annotations["nginx.ingress.kubernetes.io/rewrite-target"] == "/$2")
    #expect(harness.status("game-1")?.externalAddresses.first?.endPoint == "game.example.com")
    let name = harness.status("game-1")?.externalAddresses.first?.ports.first?.name
    #expect(name == "/game1(/|$)(.*)")
    try await harness.patch(.ingresses, "game-1", ["metadata": ["annotations": ["cert-manager.io/issued": "yes"]]])
    try await harness.configure([
      "Path": "/g<id>", "PathType": "Prefix", "Port": "81", "Host": "game.example.com", "IngressClassName": "nginx",
    ])
    try await harness.run()
    let changed = try #require(harness.object(.ingresses, "game-1"))
    #expect(changed.metadata.uid == ingress.metadata.uid)
    #expect(changed.json["spec"]?["rules"]?[0]?["http"]?["paths"]?[0]?["path"]?.string == "/g1")
    #expect(changed.metadata.annotations["nginx.ingress.kubernetes.io/rewrite-target"] == nil)
    #expect(changed.metadata.annotations["cert-manager.io/issued"] == "yes")
    #expect(harness.ports("game-1") == [81])
    #expect(harness.state("game-1") == .ready)
  }

  @Test("HostPort: shows the node's address with the ports of admission")
  func hostPort() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("Kubernetes-HostPort", ["ContainerPorts": "game:80,443/TCPUDP"])
    try await harness.run()
    let status = try #require(harness.status("game-0"))
    #expect(status.currentState == .ready)
    #expect(status.internalAddresses.first?.ports.map(\.name) == ["game-80", "game-443", "game-443"])
    let hostPorts = harness.pod("game-0")?.containers[0].ports.map(\.hostPort) ?? []
    #expect(status.externalAddresses.first?.ports.map(\.port) == hostPorts.map { .int($0) })
    try await harness.client.delete(.nodes, NamespacedName("", harness.pod("game-0")?.nodeName ?? ""))
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
  }
}
