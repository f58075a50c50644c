import ClusterSemantics
import Controllers
import JSON
import KubeClient
import Kubernetes
import TLS
import TestSupport
import Testing

/// The manifests on a real API server, in a namespace of another name so that they meet nobody's objects.
@Suite(.serialized, .enabled(if: RealCluster.assets != nil, Comment(rawValue: RealCluster.explanation)))
struct RealInstallTests {
  private static let namespace = "install-test"
  private static let account = "system:serviceaccount:\(namespace):kruise-game-controller-manager"
  private static let service = NamespacedName(namespace, "kruise-game-webhook-service")

  @Test("takes every overlay, and lets the manager's account do what it needs and nothing else")
  func installs() async throws {
    let server = try await RealCluster.shared.server()
    let client = KubeClient(server.configuration)
    let installation = try await Installation(client, namespace: Self.namespace)
    for folder in CompositionTests.overlays {
      let first = try await installation.apply(folder)
      let second = try await installation.apply(folder)
      #expect(Set(second).subtracting(first) == [], "\(folder) applied twice")
      try RealCluster.leaveMark("\(server.name): \(folder)")
    }
    _ = try await installation.apply("deploy/overlays/files")
    let shipped = try await Self.webhooks(client)
    try await installation.removeWebhooks()
    _ = try await installation.apply("deploy/overlays/managed")
    try await checkRights(client)
    let registered = try await Self.register(server.configuration, client)
    #expect(registered == shipped)
    try RealCluster.leaveMark("\(server.name): the manager's account")
    try await installation.remove()
    client.shutDown()
  }

  private func checkRights(_ client: KubeClient) async throws {
    for rule in NeededAccess.rules {
      for permission in AccessTests.permissions(rule) {
        let isAllowed = try await Self.mayDo(permission, client)
        #expect(isAllowed, "\(permission)")
      }
    }
    for (group, resource, verb, name) in [
      ("", "secrets", "list", ""), ("", "secrets", "get", "other"), ("", "pods", "delete", ""),
      ("", "nodes", "patch", ""), ("apps", "deployments", "patch", ""),
      ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch", "other"),
      ("rbac.authorization.k8s.io", "clusterroles", "create", ""), ("", "pods/exec", "create", ""),
    ] {
      let permission = AccessTests.Permission(scope: .cluster, group: group, resource: resource, verb: verb, name: name)
      let isAllowed = try await Self.mayDo(permission, client)
      #expect(!isAllowed, "\(permission)")
    }
  }

  /// The webhooks that the manager's own account registers.
  private static func register(
    _ server: ClientConfiguration, _ client: KubeClient
  ) async throws -> [[JSONValue]] {
    var configuration = server
    configuration.credentials.impersonation = .init(user: account)
    let manager = KubeClient(configuration)
    defer { manager.shutDown() }
    let registration = WebhookRegistration(
      client: manager, namespace: namespace,
      entries: WebhookEntries(target: .service(service), ownNamespace: namespace),
      policy: CertificatePolicy(names: [.dns("\(service.name).\(namespace).svc")]))
    for _ in 0..<2 { _ = try await registration.renew() }
    let registered = try await webhooks(client)
    #expect(registered.allSatisfy { $0.allSatisfy { $0["clientConfig"]?["caBundle"] != nil } })
    return registered.map(withoutBundles)
  }

  /// The webhooks of both configurations, with what the API server fills in.
  private static func webhooks(_ client: KubeClient) async throws -> [[JSONValue]] {
    let mutating = try await client.get(
      .mutatingWebhookConfigurations, NamespacedName("", WebhookEntries.mutatingName))
    let validating = try await client.get(
      .validatingWebhookConfigurations, NamespacedName("", WebhookEntries.validatingName))
    return [mutating, validating].map { JSONValue($0.json)["webhooks"]?.array ?? [] }
  }

  private static func withoutBundles(_ webhooks: [JSONValue]) -> [JSONValue] {
    webhooks.map { webhook in
      var webhook = webhook
      webhook["clientConfig"]?["caBundle"] = nil
      return webhook
    }
  }

  private static func mayDo(_ permission: AccessTests.Permission, _ client: KubeClient) async throws -> Bool {
    let parts = permission.resource.split(separator: "/").map(String.init)
    var attributes: JSONValue = [
      "group": .string(permission.group), "resource": .string(parts[0]), "verb": .string(permission.verb),
      "name": .string(permission.name),
    ]
    if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
    if permission.scope == .ownNamespace { attributes["namespace"] = .string(namespace) }
    let reviews = Resource(
      group: "authorization.k8s.io", version: "v1", plural: "subjectaccessreviews", kind: "SubjectAccessReview",
      isNamespaced: false)
    let answer = try await client.create(
      reviews, namespace: "",
      [
        "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
        "spec": ["user": .string(account), "groups": ["system:serviceaccounts"], "resourceAttributes": attributes],
      ])
    return answer.json["status"]?["allowed"]?.bool ?? false
  }
}
