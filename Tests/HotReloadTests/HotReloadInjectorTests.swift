import Foundation
import JSON
import Kubernetes
import TestSupport
import Testing

@testable import HotReload

/// What the installation decides, where a test does not say otherwise.
let modern = HotReloadDefaults(agentImage: "gatehouse/agent:1", serverSupportsNativeSidecars: true)
private let old = HotReloadDefaults(agentImage: "gatehouse/agent:1", serverSupportsNativeSidecars: false)

/// A pod from annotations and the text of its specification.
func pod(_ annotations: [String: String], _ spec: String) throws -> Pod {
  let value: JSONValue = ["metadata": ["name": "a-0", "annotations": JSONValue(annotations)]]
  let text = value.text.dropLast() + #","spec":\#(spec)}"#
  return Pod(try JSONDocument(String(text)).root)
}

private let plainSpec = #"{"containers":[{"name":"game","image":"game:1"}]}"#

@Suite("The hot-reload injector")
struct HotReloadInjectorTests {
  private static let cases = ["configmap", "secret-signal", "image", "container-mode", "guaranteed", "host-network"]

  @Test("writes the golden patch, and nothing when it runs again", arguments: cases)
  func golden(_ name: String) throws {
    let input = try JSONDocument(try Fixture.load("Golden/\(name).pod.json")).root
    let defaults = name == "container-mode" ? old : modern
    var editor = PodEditor(Pod(input))
    let outcome = try HotReloadInjector.inject(&editor, defaults)
    guard case .injected(let fingerprint) = outcome.action else {
      Issue.record("nothing was injected")
      return
    }
    #expect(editor.annotation(HotReloadAnnotation.status.key) == fingerprint)
    let patch = pretty(editor.patch)
    #expect(!patch.contains("null"))
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(patch.utf8).write(to: Fixture.url("Golden/\(name).patch.json"))
    }
    #expect(try patch == Fixture.text("Golden/\(name).patch.json"))

    var again = PodEditor(Pod(KubernetesObject(editor.result).json))
    let second = try HotReloadInjector.inject(&again, defaults)
    #expect(second == HotReloadOutcome(action: .unchanged, warnings: []))
    #expect(again.patch.isEmpty)
  }

  private func pretty(_ patch: JSONPatch) -> String {
    var writer = JSONWriter()
    writer.patch(patch)
    let bytes = Data(writer.finish())
    guard let object = try? JSONSerialization.jsonObject(with: bytes),
      let text = try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { return "" }
    return String(decoding: text, as: UTF8.self) + "\n"
  }

  @Test("leaves a pod alone that does not ask", arguments: [[:], ["inject": "disabled"]])
  func notRequested(_ texts: [String: String]) throws {
    let all = Dictionary(uniqueKeysWithValues: texts.map { (HotReloadAnnotation.prefix + $0.key, $0.value) })
    var editor = PodEditor(try pod(all, plainSpec))
    #expect(try HotReloadInjector.inject(&editor, modern).action == .notRequested)
    #expect(editor.patch.isEmpty)
  }

  @Test(
    "leaves a user's own container of that name alone, with a warning", arguments: ["containers", "initContainers"])
  func ownContainer(_ list: String) throws {
    let spec =
      list == "containers"
      ? #"{"containers":[{"name":"game"},{"name":"hot-reload"}]}"#
      : #"{"containers":[{"name":"game"}],"initContainers":[{"name":"hot-reload"}]}"#
    var editor = PodEditor(try pod(annotations(), spec))
    let outcome = try HotReloadInjector.inject(&editor, modern)
    #expect(outcome.action == .unchanged)
    #expect(outcome.warnings.map(\.rule) == [.container])
    #expect(editor.patch.isEmpty)
  }

  @Test("injects into a template that was copied from an injected pod without its sidecar")
  func copiedStatus() throws {
    var editor = PodEditor(try pod(annotations(["status": "0123456789abcdef"]), plainSpec))
    guard case .injected = try HotReloadInjector.inject(&editor, modern).action else {
      Issue.record("nothing was injected")
      return
    }
    #expect(editor.annotation(HotReloadAnnotation.status.key) != "0123456789abcdef")
  }

  @Test("sees what the steps before it did")
  func laterContainers() throws {
    var editor = PodEditor(try pod(annotations(["containers": "late"]), plainSpec))
    editor.addContainer(.containers, ["name": "late"])
    _ = try HotReloadInjector.inject(&editor, modern)
    #expect(editor.result["spec"]?["containers"]?[1]?["volumeMounts"]?[0]?["mountPath"] == "/srv/assets")
  }

  @Test(
    "denies what could not work, and says why",
    arguments: [
      (["containers": "ghost"], plainSpec, #""ghost" names no container of the pod: it takes some of game"#),
      (
        ["notify": "signal:SIGHUP", "notify-target": "exe=/g"],
        #"{"shareProcessNamespace":false,"containers":[{"name":"game"}]}"#,
        #"spec.shareProcessNamespace "false" keeps the agent from seeing the game's processes"#
      ),
      (
        ["notify": "signal:SIGHUP", "notify-target": "exe=/g"],
        #"{"hostPID":true,"containers":[{"name":"game"}]}"#, #"spec.hostPID "true" would let a signal reach"#
      ),
      (
        [:],
        #"{"containers":[{"name":"game","volumeMounts":[{"name":"v","mountPath":"/srv/assets/a","subPath":"a"}]}]}"#,
        #"spec.containers[0].volumeMounts "/srv/assets/a" is a subPath inside the hot-reload mount"#
      ),
      (
        [:], #"{"containers":[{"name":"game","volumeMounts":[{"name":"v","mountPath":"/srv/assets/"}]}]}"#,
        "lies inside the hot-reload mount /srv/assets"
      ),
      (
        [:], #"{"containers":[{"name":"game"}],"volumes":[{"name":"hot-reload","emptyDir":{}}]}"#,
        #"spec.volumes "hot-reload" is a name that hot reload needs"#
      ),
      (
        ["source": "image:a:1"],
        #"{"containers":[{"name":"game"}],"initContainers":[{"name":"x"},{"name":"hot-reload-install"}]}"#,
        #"spec.initContainers[1].name "hot-reload-install" is a name that hot reload needs: rename the container"#
      ),
      (
        ["mode": "container"], #"{"containers":[{"name":"game"},{"name":"hot-reload-first"}]}"#,
        #"spec.containers[1].name "hot-reload-first" is a name that hot reload needs: rename the container"#
      ),
      ([:], #"{"containers":[]}"#, "holds no container for the mount"),
      ([:], #"{"os":{"name":"windows"},"containers":[{"name":"game"}]}"#, "the agent runs on linux"),
    ] as [([String: String], String, String)])
  func denials(_ changes: [String: String], _ spec: String, _ reason: String) throws {
    var editor = PodEditor(try pod(annotations(changes), spec))
    let error = #expect(throws: HotReloadError.self) { try HotReloadInjector.inject(&editor, modern) }
    #expect(try #require(error).description.contains(reason), "\(String(describing: error))")
    #expect(editor.patch.isEmpty)
  }

  @Test("denies a native sidecar that the API server would not know")
  func nativeOnOldServer() {
    #expect(throws: HotReloadError.self) {
      var editor = PodEditor(try pod(annotations(["mode": "native"]), plainSpec))
      return try HotReloadInjector.inject(&editor, old)
    }
  }

  @Test("lets another container keep a subPath elsewhere")
  func subPathElsewhere() throws {
    let spec =
      #"{"containers":[{"name":"game","volumeMounts":[{"name":"v","mountPath":"/srv/assets2","subPath":"a"}]},"#
      + #"{"name":"b","volumeMounts":[{"name":"v","mountPath":"/srv/assets/a","subPath":"a"}]}]}"#
    var editor = PodEditor(try pod(annotations(), spec))
    #expect(try HotReloadInjector.inject(&editor, modern).warnings == [])
  }

  @Test(
    "protects dollar signs from Kubernetes' expansion", arguments: [("a$", "a$$"), ("$(X)$$", "$$(X)$$$$"), ("", "")])
  func dollars(_ text: String, _ escaped: String) {
    #expect(SidecarContainers.escape(text) == escaped)
  }

  @Test("leaves the names of its helpers to the user where it needs none")
  func helperNames() throws {
    let spec = #"{"containers":[{"name":"game"},{"name":"hot-reload-first"},{"name":"hot-reload-install"}]}"#
    var editor = PodEditor(try pod(annotations(), spec))
    _ = try HotReloadInjector.inject(&editor, modern)
    #expect(!editor.patch.isEmpty)
  }

  @Test("chooses another port than the one that the game is told at", arguments: ["http:POST:9877/reload", "tcp:9877"])
  func notifiedPort(_ notify: String) throws {
    let spec = #"{"containers":[{"name":"game","ports":[{"containerPort":9878}]}]}"#
    var editor = PodEditor(try pod(annotations(["notify": notify]), spec))
    _ = try HotReloadInjector.inject(&editor, modern)
    #expect(editor.result["spec"]?["initContainers"]?[0]?["startupProbe"]?["httpGet"]?["port"] == 9879)
  }

  @Test("chooses a port that no container declares")
  func port() throws {
    let spec = #"{"containers":[{"name":"game","ports":[{"containerPort":9877},{"containerPort":9878}]}]}"#
    var editor = PodEditor(try pod(annotations(), spec))
    _ = try HotReloadInjector.inject(&editor, modern)
    #expect(editor.result["spec"]?["initContainers"]?[0]?["startupProbe"]?["httpGet"]?["port"] == 9879)
  }

  @Test("has a fingerprint that follows the settings and the defaults")
  func fingerprints() throws {
    let one = try #require(try HotReloadSettings(annotations: annotations()))
    let other = try #require(try HotReloadSettings(annotations: annotations(["gate": "on-empty"])))
    let own = try #require(try HotReloadSettings(annotations: annotations(["agent-image": "x"])))
    let later = HotReloadDefaults(agentImage: "gatehouse/agent:2", serverSupportsNativeSidecars: true)
    #expect(Fingerprint.of(one, modern) == Fingerprint.of(one, modern))
    #expect(Fingerprint.of(one, modern) != Fingerprint.of(other, modern))
    #expect(Fingerprint.of(one, modern) != Fingerprint.of(one, later))
    #expect(Fingerprint.of(own, modern) == Fingerprint.of(own, later))
    #expect(Fingerprint.of(one, modern).utf8.count == 16)
  }
}
