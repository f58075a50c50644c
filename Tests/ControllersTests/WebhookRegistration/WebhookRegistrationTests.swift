import JSON
import Kubernetes
import SimulatedCluster
import TLS
import Testing

@testable import Controllers

@Suite("The registration of webhooks")
struct WebhookRegistrationTests {
  private let clock = ManualClusterClock()

  private func registration(_ server: SimulatedAPIServer) throws -> WebhookRegistration {
    let clock = clock
    return WebhookRegistration(
      client: InProcessClient(server), namespace: "default",
      entries: WebhookEntries(
        target: .service(NamespacedName("default", "kruise-game-webhook-service")), ownNamespace: "default"),
      policy: CertificatePolicy(names: [try AlternativeName("kruise-game-webhook-service.default.svc")]),
      now: { UnixTime(seconds: Int64(clock.now().seconds)) })
  }

  private func entries(_ server: SimulatedAPIServer, _ resource: Resource, _ name: String) async throws -> [JSONView] {
    let object = try await InProcessClient(server).get(resource, NamespacedName("", name))
    return object.json["webhooks"].map { Array($0.elements) } ?? []
  }

  @Test("gives every replica the pair of the one that came first")
  func shares() async throws {
    let server = SimulatedAPIServer(clock: clock)
    let first = try await registration(server).certificates()
    let second = try await registration(server).certificates()
    #expect(first.serving.certificate.fingerprint == second.serving.certificate.fingerprint)
    #expect(first.authority.certificate.fingerprint == second.authority.certificate.fingerprint)
  }

  @Test("replaces a damaged Secret")
  func damaged() async throws {
    let server = SimulatedAPIServer(clock: clock)
    let client = InProcessClient(server)
    try await client.create(
      .secrets, namespace: "default",
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(WebhookCertificates.secretName)],
        "data": ["ca.crt": "bm9uc2Vuc2U="],
      ])
    let made = try await registration(server).certificates()
    let again = try await registration(server).certificates()
    #expect(made.serving.certificate.fingerprint == again.serving.certificate.fingerprint)
  }

  @Test("takes OpenKruiseGame's entries over in one step and leaves those of others alone")
  func takesOver() async throws {
    let server = SimulatedAPIServer(clock: clock)
    let client = InProcessClient(server)
    func entry(_ name: String, _ operations: JSONValue) -> JSONValue {
      [
        "name": .string(name), "admissionReviewVersions": ["v1"], "sideEffects": "None",
        "clientConfig": ["url": "https://127.0.0.1:1/x"],
        "rules": [
          ["apiGroups": [""], "apiVersions": ["v1"], "operations": operations, "resources": ["pods"], "scope": "*"]
        ],
      ]
    }
    try await client.create(
      .mutatingWebhookConfigurations, namespace: "",
      [
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": ["name": .string(WebhookEntries.mutatingName)],
        "webhooks": [
          entry("mgameserverset.kb.io", ["CREATE", "UPDATE", "DELETE"]), entry("mine.example.com", ["CREATE"]),
        ],
      ])
    _ = try await registration(server).renew()
    let names = try await entries(server, .mutatingWebhookConfigurations, WebhookEntries.mutatingName)
    #expect(
      Set(names.compactMap { $0["name"]?.string }) == [
        "mgameserverset.kb.io", "mine.example.com", "mgss.gatehouse.game.kruise.io", "mgs.gatehouse.game.kruise.io",
      ])
    let pods = try #require(names.first { $0["name"]?.isString("mgameserverset.kb.io") == true })
    #expect(pods["rules"]?[0]?["operations"]?.text == #"["CREATE"]"#)
    #expect(pods["clientConfig"]?["service"]?["path"]?.string == "/mutate-v1-pod")
    #expect(pods["clientConfig"]?["caBundle"]?.string?.isEmpty == false)
  }

  @Test("repairs what somebody changed in its entries, and writes nothing when all is well")
  func repairs() async throws {
    let server = SimulatedAPIServer(clock: clock)
    let client = InProcessClient(server)
    let registration = try registration(server)
    _ = try await registration.renew()
    let key = NamespacedName("", WebhookEntries.validatingName)
    let before = try await client.get(.validatingWebhookConfigurations, key)
    _ = try await registration.renew()
    let again = try await client.get(.validatingWebhookConfigurations, key)
    #expect(again.metadata.resourceVersion == before.metadata.resourceVersion)
    var broken = JSONValue(again.json)
    broken["webhooks"] = []
    try await client.update(.validatingWebhookConfigurations, key, broken)
    _ = try await registration.renew()
    #expect(try await entries(server, .validatingWebhookConfigurations, WebhookEntries.validatingName).count == 4)
  }
}
