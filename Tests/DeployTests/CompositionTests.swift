import Foundation
import JSON
import TestSupport
import Testing

@Suite("Composed manifests")
struct CompositionTests {
  static let overlays = ["deploy/overlays/managed", "deploy/overlays/files", "deploy/overlays/cert-manager"]

  /// Whether there is a kubectl whose kustomize is younger than the one of 2018 that early versions have.
  private static let hasKustomize: Bool = {
    let output = try? ChildProcess.run("sh", ["-c", "kubectl version --client 2>/dev/null"])
    return output?.standardOutput.contains(/Kustomize Version: v[4-9]/) ?? false
  }()

  @Test(
    "come out of kubectl as the tests put them together",
    .enabled(if: hasKustomize, "no kubectl with kustomize 4 or later"),
    arguments: overlays)
  func kubectl(folder: String) throws {
    let output = try ChildProcess.run("kubectl", ["kustomize", "\(try BuiltProducts.repository())/\(folder)"])
    #expect(output.exit == .code(0), "\(output.standardError)")
    let theirs = try Kustomization.documents(text: output.standardOutput)
    let ours = try Kustomization(folder).objects
    #expect(theirs.count == ours.count)
    for object in ours { #expect(theirs.contains(object), "\(object["kind"]?.string ?? "") of \(folder)") }
  }

  @Test(
    "go into an overlay as the README has it",
    .enabled(if: hasKustomize, "no kubectl with kustomize 4 or later"))
  func ownOverlay() throws {
    let root = try BuiltProducts.repository()
    let page = try String(contentsOfFile: "\(root)/README.md", encoding: .utf8)
    let fence = try #require(page.firstMatch(of: /```yaml\n(# kustomization.yaml\n[^`]*)```/))
    let folder = try TemporaryDirectory()
    // Kustomize takes no absolute paths.
    let depth = folder.path.split(separator: "/").count
    let relative = String(repeating: "../", count: depth) + root.dropFirst() + "/"
    try folder.write(
      "kustomization.yaml", String(fence.1).replacing("https://YOUR-COPY/gatehouse//", with: relative))
    let output = try ChildProcess.run("kubectl", ["kustomize", folder.path])
    #expect(output.exit == .code(0), "\(output.standardError)")
    #expect(output.standardOutput.contains("image: REGISTRY/gatehouse:0.1.0"))
    #expect(output.standardOutput.contains("- --agent-image=REGISTRY/gatehouse-hot-reload-agent:0.1.0"))
  }

  @Test("name every object once, and a namespace where one is wanted", arguments: overlays)
  func names(folder: String) throws {
    let objects = try Kustomization(folder).objects
    let names = objects.map { object in
      let metadata = object["metadata"]
      return ["kind", "namespace", "name"].map { (object[$0] ?? metadata?[$0])?.string ?? "" }.joined(separator: "/")
    }
    #expect(Set(names).count == names.count)
    let clusterWide = [
      "Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "MutatingWebhookConfiguration",
      "ValidatingWebhookConfiguration",
    ]
    for object in objects where !clusterWide.contains(object["kind"]?.string ?? "") {
      #expect(object["metadata"]?["namespace"]?.string == "kruise-game-system", "\(object["metadata"]?.text ?? "")")
    }
  }
}
