import HotReload
import JSON
import Kubernetes
import Testing

@testable import Controllers

@Suite("The plan of a hot reload")
struct HotReloadPlanTests {
  /// A pod with the sidecar, made by the webhook's own code.
  private func pod(
    source: String = "image:assets:1", gate: String = "immediate", status: JSONValue? = nil,
    _ annotations: [String: String] = [:], labels: [String: String] = [:]
  ) throws -> Pod {
    let own = [
      "inject": "enabled", "source": source, "mount": "/srv/assets", "gate": gate,
    ]
    let raw: JSONValue = [
      "metadata": [
        "name": "demo-0", "namespace": "default", "resourceVersion": "7", "labels": JSONValue(labels),
        "annotations": JSONValue(
          Dictionary(uniqueKeysWithValues: own.map { (HotReloadAnnotation.prefix + $0.key, $0.value) })),
      ],
      "spec": ["containers": [["name": "game", "image": "game:1"]]],
    ]
    var editor = PodEditor(KubernetesObject(raw).as(Pod.self))
    _ = try HotReloadInjector.inject(
      &editor, HotReloadDefaults(agentImage: "gatehouse:test", serverSupportsNativeSidecars: true))
    var result = editor.result
    for (key, value) in annotations {
      result["metadata"]?["annotations"]?[HotReloadAnnotation.prefix + key] = .string(value)
    }
    var fields = status ?? Self.running()
    fields["name"] = "hot-reload"
    result["status"] = ["phase": "Running", "initContainerStatuses": [fields]]
    return KubernetesObject(result).as(Pod.self)
  }

  private static func running(_ imageID: String = "x", restarts: Int = 0, started: Bool = true) -> JSONValue {
    [
      "imageID": .string(imageID), "restartCount": .int(restarts), "started": .bool(started),
      "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
    ]
  }

  private static func waiting(_ reason: String) -> JSONValue {
    ["restartCount": 2, "imageID": "x", "state": ["waiting": ["reason": .string(reason)]]]
  }

  private func server(_ annotations: [String: String] = [:], opsState: String = "None") -> GameServer {
    let keyed = annotations.map { (HotReloadAnnotation.prefix + $0.key, $0.value) }
    return KubernetesObject([
      "metadata": ["name": "demo-0", "annotations": JSONValue(Dictionary(uniqueKeysWithValues: keyed))],
      "spec": ["opsState": .string(opsState)],
    ]).as(GameServer.self)
  }

  @Test("shows the image with the digest that the tag had on the node")
  func digest() throws {
    let status = Self.running("docker.io/library/assets@sha256:0123")
    #expect(HotReloadPlan(try pod(status: status), server()).revision == "assets:1@sha256:0123")
  }

  @Test("binds the change to the pod as it was seen")
  func bound() throws {
    let plan = HotReloadPlan(try pod(["source": "image:assets:2"]), server())
    #expect(plan.result == .updating)
    #expect(plan.podPatch?["metadata"]?["resourceVersion"] == "7")
    #expect(plan.podPatch?["spec"] == ["initContainers": [["name": "hot-reload", "image": "assets:2"]]])
  }

  @Test("holds for a state that the game server has and its pod does not show yet")
  func freshState() throws {
    let pod = try pod(gate: "on-empty", ["source": "image:assets:2"])
    #expect(HotReloadPlan(pod, server(opsState: "Allocated")).result == .held)
    #expect(HotReloadPlan(pod, server(opsState: "Allocated")).podPatch == nil)
    #expect(HotReloadPlan(pod, server()).result == .updating)
  }

  @Test(
    "a change is over when another container runs and has started",
    arguments: [
      (running("x", restarts: 2), HotReloadResult.updating), (running("x", restarts: 3, started: false), .pending),
      (running("x", restarts: 3), .current), (running("y", restarts: 2), .current),
      (waiting("PodInitializing"), .updating), (waiting("ImagePullBackOff"), .failed("ImagePullBackOff")),
    ])
  func over(_ status: JSONValue, _ expected: HotReloadResult) throws {
    let mark = #"{"image":"assets:1","imageID":"x","restarts":2}"#
    let plan = HotReloadPlan(try pod(status: status, ["update": mark]), server(["revision": "assets:0"]))
    #expect(plan.result == expected)
    #expect(plan.revision == (expected == .current ? "assets:1" : "assets:0"))
    #expect(plan.reached == (expected == .current ? "assets:1" : nil))
  }

  @Test("an image that one server was given wins over the annotation")
  func override() throws {
    let server = KubernetesObject([
      "metadata": ["name": "demo-0"],
      "spec": ["opsState": "None", "containers": [["name": "hot-reload", "image": "assets:grey"]]],
    ]).as(GameServer.self)
    let plan = HotReloadPlan(try pod(), server)
    #expect(plan.podPatch?["spec"]?["initContainers"]?[0]?["image"] == "assets:grey")
  }

  @Test("takes the revision of a ConfigMap from the agent's last words")
  func lastWords() throws {
    var status = Self.running(restarts: 1)
    status["lastState"] = ["terminated": ["message": #"{"outcome":"current","revision":"0123456789abcdef"}"#]]
    let plan = HotReloadPlan(try pod(source: "configmap:assets", status: status), server())
    #expect(plan.revision == "0123456789abcdef")
    #expect(HotReloadPlan(try pod(source: "configmap:assets"), server()).revision == nil)
  }

  @Test("follows an agent's image that is named, and no new default")
  func agentImage() throws {
    let named = try pod(source: "configmap:assets", ["agent-image": "agent:2"])
    #expect(HotReloadPlan(named, server()).podPatch?["spec"]?["initContainers"]?[0]?["image"] == "agent:2")
    #expect(HotReloadPlan(try pod(source: "configmap:assets"), server()).podPatch == nil)
  }

  @Test(
    "tells what a new image does not bring",
    arguments: [
      ("source-path", "/other"), ("mount", "/elsewhere"), ("gate", "on-empty"), ("notify", "http:POST:1/reload"),
      ("source", "secret:assets"),
    ])
  func outdated(_ name: String, _ value: String) throws {
    let plan = HotReloadPlan(try pod([name: value]), server())
    #expect(plan.result == .outdated)
    #expect(plan.podPatch == nil)
    #expect(plan.events.map(\.reason) == ["HotReloadOutdated"])
  }

  @Test("changes nothing for annotations that do not parse")
  func unusable() throws {
    let plan = HotReloadPlan(try pod(["source": "floppy:a"]), server(["revision": "assets:1"]))
    #expect(plan.result == .unusable)
    #expect(plan.podPatch == nil)
    #expect(plan.revision == "assets:1")
  }

  @Test("has nothing to write where the game server shows everything")
  func quiet() throws {
    let plan = HotReloadPlan(try pod(), server(["revision": "assets:1", "result": "current"]))
    #expect(plan.podPatch == nil)
    #expect(plan.serverPatch == nil)
    #expect(plan.events == [])
  }
}
