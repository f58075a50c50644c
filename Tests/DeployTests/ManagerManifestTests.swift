import Controllers
import Foundation
import JSON
import Kubernetes
import TestSupport
import Testing

@Suite("Manifests of the manager")
struct ManagerManifestTests {
  private static func manager(_ folder: String) throws -> (deployment: JSONValue, pod: JSONValue, container: JSONValue)
  {
    let deployment = try Kustomization(folder).one("Deployment", "kruise-game-controller-manager")
    let pod = try #require(deployment["spec"]?["template"]?["spec"])
    return (deployment, pod, try #require(pod["containers"]?[0]))
  }

  @Test("the manager is run with flags that it has", arguments: CompositionTests.overlays)
  func flags(folder: String) throws {
    let arguments = try Self.manager(folder).container["args"]?.array?.compactMap(\.string) ?? []
    #expect(arguments.first == "manager")
    let image = try String(contentsOfFile: "\(BuiltProducts.repository())/deploy/Containerfile", encoding: .utf8)
    let command = try Self.manager(folder).container["command"]?[0]?.string ?? ""
    #expect(image.contains("ENTRYPOINT [\"\(command)\"]"))
    let help = try ChildProcess.run(BuiltProducts.executable("gatehouse"), ["manager", "--help"]).standardOutput
    for argument in arguments.dropFirst() {
      let flag = String(argument.prefix { $0 != "=" })
      #expect([" ", ",", "/", "\n"].contains { help.contains("\(flag)\($0)") }, "\(flag)")
    }
    let version = try ChildProcess.run(BuiltProducts.executable("gatehouse"), ["--version"]).standardOutput
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try Self.manager(folder).container["image"]?.string == "gatehouse:\(version)")
  }

  @Test("ports, probes and Services meet", arguments: CompositionTests.overlays)
  func ports(folder: String) throws {
    let manifests = try Kustomization(folder)
    let (deployment, _, container) = try Self.manager(folder)
    let arguments = container["args"]?.array?.compactMap(\.string) ?? []
    var ports: [String: Int] = [:]
    for port in container["ports"]?.array ?? [] { ports[port["name"]?.string ?? ""] = port["containerPort"]?.int }
    for (flag, name) in [("webhook", "webhooks"), ("health", "health"), ("scaler", "scaler")] {
      #expect(arguments.contains("--\(flag)-port=\(ports[name] ?? 0)"))
    }
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
      #expect(container[probe]?["httpGet"]?["port"]?.string == "health")
    }
    let labels = deployment["spec"]?["template"]?["metadata"]?["labels"]
    #expect(deployment["spec"]?["selector"]?["matchLabels"] == labels)
    let services = manifests.all("Service")
    #expect(services.count == 3)
    for service in services {
      #expect(service["spec"]?["selector"] == labels)
      #expect(service["spec"]?["ports"]?[0]?["targetPort"]?.string.map { ports[$0] != nil } == true)
    }
    #expect(try manifests.one("Service", "kruise-game-webhook-service")["spec"]?["ports"]?[0]?["port"]?.int == 443)
    #expect(try manifests.one("Service", "kruise-game-external-scaler")["spec"]?["ports"]?[0]?["port"]?.int == 6000)
    for kind in ["PodDisruptionBudget", "NetworkPolicy"] {
      let spec = try manifests.one(kind, "kruise-game-controller-manager")["spec"]
      #expect((spec?["selector"] ?? spec?["podSelector"])?["matchLabels"] == labels)
    }
    let policy = try manifests.one("NetworkPolicy", "kruise-game-controller-manager")["spec"]?["ingress"]?.array ?? []
    let allowed = policy.flatMap { $0["ports"]?.array ?? [] }.compactMap { $0["port"]?.int }
    #expect(Set(allowed) == Set(ports.values))
  }

  @Test("the pod keeps to the restricted standard", arguments: CompositionTests.overlays)
  func restricted(folder: String) throws {
    let (_, pod, container) = try Self.manager(folder)
    #expect(pod["securityContext"]?["runAsNonRoot"]?.bool == true)
    #expect(pod["securityContext"]?["runAsUser"]?.int != 0)
    #expect(pod["securityContext"]?["seccompProfile"]?["type"]?.string == "RuntimeDefault")
    #expect(container["securityContext"]?["allowPrivilegeEscalation"]?.bool == false)
    #expect(container["securityContext"]?["readOnlyRootFilesystem"]?.bool == true)
    #expect(container["securityContext"]?["capabilities"]?["drop"]?[0]?.string == "ALL")
    for field in ["hostNetwork", "hostPID", "hostIPC"] { #expect(pod[field] == nil) }
    for volume in pod["volumes"]?.array ?? [] { #expect(volume["configMap"] != nil || volume["secret"] != nil) }
    #expect(
      try Kustomization(folder).one("Namespace", "kruise-game-system")["metadata"]?["labels"]?[
        "pod-security.kubernetes.io/enforce"]?.string == "restricted")
  }

  @Test("the provider configuration is the one that applies without a file")
  func configuration() throws {
    let program = try BuiltProducts.executable("gatehouse")
    let file = "\(try BuiltProducts.repository())/deploy/base/config.toml"
    let shipped = try ChildProcess.run(program, ["plugins", "-o", "json"])
    let configured = try ChildProcess.run(program, ["plugins", "-o", "json", "--provider-config", file])
    #expect(configured.exit == .code(0), "\(configured.standardError)")
    #expect(configured.standardOutput == shipped.standardOutput)
    let map = try Kustomization("deploy/overlays/managed").one("ConfigMap", "kruise-game-manager-config")
    #expect(map["data"]?["config.toml"]?.string == (try String(contentsOfFile: file, encoding: .utf8)))
  }

  @Test(
    "the shipped webhook configurations are what the manager registers",
    arguments: ["deploy/overlays/files", "deploy/overlays/cert-manager"])
  func webhooks(folder: String) throws {
    let manifests = try Kustomization(folder)
    let entries = WebhookEntries(
      target: .service(NamespacedName("kruise-game-system", "kruise-game-webhook-service")),
      ownNamespace: "kruise-game-system")
    var mutating = try manifests.one("MutatingWebhookConfiguration", WebhookEntries.mutatingName)
    var validating = try manifests.one("ValidatingWebhookConfiguration", WebhookEntries.validatingName)
    if folder.hasSuffix("cert-manager") {
      let annotations: JSONValue = ["cert-manager.io/inject-ca-from": "kruise-game-system/kruise-game-cert"]
      #expect(mutating["metadata"]?["annotations"] == annotations)
      #expect(validating["metadata"]?["annotations"] == annotations)
      mutating["metadata"]?["annotations"] = nil
      validating["metadata"]?["annotations"] = nil
    }
    #expect(mutating == entries.mutating(bundle: nil))
    #expect(validating == entries.validating(bundle: nil))
  }

  @Test("the examples for KEDA are answered", arguments: ["arena", "lobby"])
  func scaledObjects(set: String) throws {
    let file = "\(try BuiltProducts.repository())/deploy/scaler/scaledobject.yaml"
    let folder = try TemporaryDirectory()
    let manifest = try folder.write(
      "set.yaml",
      """
      apiVersion: game.kruise.io/v1alpha1
      kind: GameServerSet
      metadata: {name: \(set), namespace: games}
      spec: {replicas: 1}
      status: {replicas: 1, currentReplicas: 1, waitToBeDeletedReplicas: 0}
      """)
    let output = try ChildProcess.run(
      BuiltProducts.executable("gatehouse"),
      ["scale", "explain", "games/\(set)", "--objects", file, "--objects", manifest])
    #expect(output.exit == .code(0), "\(output.standardError)")
    #expect(output.standardOutput.contains("games/\(set), by \(file):"), "\(output.standardOutput)")
    #expect(output.standardOutput.contains("IsActive true"))
    let service = try Kustomization("deploy/overlays/managed").one("Service", "kruise-game-external-scaler")
    for object in try Kustomization.documents(file) {
      #expect(
        object["spec"]?["triggers"]?[0]?["metadata"]?["scalerAddress"]?.string
          == "\(service["metadata"]?["name"]?.string ?? "").kruise-game-system:6000")
    }
  }

  @Test("the certificates are mounted where the manager reads them")
  func certificates() throws {
    let (_, pod, container) = try Self.manager("deploy/overlays/cert-manager")
    let folder = container["volumeMounts"]?.array?.first { $0["name"]?.string == "certs" }?["mountPath"]?.string
    #expect(container["args"]?.array?.contains(.string("--cert-dir=\(folder ?? "")")) == true)
    let secret = pod["volumes"]?.array?.first { $0["name"]?.string == "certs" }?["secret"]?["secretName"]?.string
    let certificate = try Kustomization("deploy/overlays/cert-manager").one("Certificate", "kruise-game-cert")
    #expect(certificate["spec"]?["secretName"]?.string == secret)
  }
}
