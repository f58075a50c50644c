import JSON
import Kubernetes
import Testing

@testable import HotReload

@Suite("The hot-reload rules")
struct HotReloadRulesTests {
  private func set(
    _ annotations: [String: String], _ spec: String = #"{"containers":[{"name":"game"}]}"#,
    policy: String? = "InPlaceOnly"
  ) throws -> GameServerSet {
    let template = try pod(annotations, spec)
    var value: JSONValue = [
      "metadata": ["name": "a", "namespace": "n"], "spec": ["gameServerTemplate": JSONValue(template.json)],
    ]
    if let policy {
      value["spec"]?["updateStrategy"] = ["rollingUpdate": ["podUpdatePolicy": .string(policy)]]
    }
    return KubernetesObject(value).as(GameServerSet.self)
  }

  private func found(_ set: GameServerSet) -> [String] {
    HotReloadRules.problems(gameServerSet: set, defaults: modern).map { "\($0.severity): \($0.rule.rawValue)" }
  }

  @Test("have nothing to say about a set without hot reload")
  func none() throws { #expect(found(try set([:], policy: "ReCreate")) == []) }

  @Test("advise that a ConfigMap reaches all pods at once, and an image does not")
  func staging() throws {
    #expect(found(try set(annotations())) == ["advice: hot-reload-staging"])
    #expect(found(try set(annotations(["source": "image:a:1"]))) == [])
  }

  @Test("warn of a policy that recreates pods", arguments: ["ReCreate", "", nil])
  func recreate(_ policy: String?) throws {
    #expect(found(try set(annotations(["source": "image:a:1"]), policy: policy)) == ["warning: hot-reload-recreate"])
  }

  @Test("warn of that policy beside OnDelete, too, which counts for nothing then")
  func recreateBesideOnDelete() throws {
    let update: [(String, Bool)] = [
      (#"{"type":"OnDelete"}"#, false), (#"{"type":"OnDelete","rollingUpdate":null}"#, false),
      (#"{"type":"OnDelete","rollingUpdate":{}}"#, true),
      (#"{"type":"OnDelete","rollingUpdate":{"podUpdatePolicy":"ReCreate"}}"#, true),
      (#"{"type":"OnDelete","rollingUpdate":{"podUpdatePolicy":"InPlaceOnly"}}"#, false),
    ]
    for (text, isWarned) in update {
      var value = JSONValue(try set(annotations(["source": "image:a:1"])).json)
      value["spec"]?["updateStrategy"] = JSONValue(try JSONDocument(text).root)
      #expect(
        found(KubernetesObject(value).as(GameServerSet.self)) == (isWarned ? ["warning: hot-reload-recreate"] : []))
    }
  }

  @Test("advise what becomes of a Guaranteed pod")
  func guaranteed() throws {
    let spec = #"{"containers":[{"name":"game","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]}"#
    #expect(found(try set(annotations(["source": "image:a"]), spec)) == ["advice: hot-reload-guaranteed"])
    let even = annotations(["source": "image:a", "resources": "cpu=50m,memory=32Mi"])
    #expect(found(try set(even, spec)) == [])
  }

  @Test("find every trap of the template with its field path")
  func traps() throws {
    let spec = #"""
      {"shareProcessNamespace":false,"volumes":[{"name":"v","configMap":{"name":"assets"}},{"name":"hot-reload"}],
      "containers":[{"name":"game","volumeMounts":[{"name":"v","mountPath":"/etc/x","subPath":"x"},
      {"name":"v","mountPath":"/srv/assets/y","subPath":"y"}]}]}
      """#
    let all = annotations(["notify": "signal:SIGHUP", "notify-target": "cmdline=game", "extra": "1"])
    let problems = HotReloadRules.problems(gameServerSet: try set(all, spec), defaults: modern)
    #expect(
      problems.map { "\($0.severity) \($0.field)" } == [
        "warning hot-reload.game.kruise.io/extra",
        "warning spec.gameServerTemplate.spec.containers[0].volumeMounts",
        "error spec.gameServerTemplate.spec.containers[0].volumeMounts",
        "error spec.gameServerTemplate.spec.volumes",
        "error spec.gameServerTemplate.spec.shareProcessNamespace",
        "advice hot-reload.game.kruise.io/source",
      ])
  }

  @Test("warn of settings that wait for inject")
  func withoutInject() throws {
    #expect(found(try set(annotations(["inject": String?.none]))) == ["warning: hot-reload-unused-annotation"])
  }

  @Test("warn of a ConfigMap that is missing, where the store knows")
  func missingSource() throws {
    let store = ObjectStore()
    let set = try set(annotations())
    var value = JSONValue(try pod(annotations(), #"{"containers":[{"name":"game"}]}"#).json)
    value["metadata"]?["namespace"] = "n"
    let single = KubernetesObject(value).as(Pod.self)
    let rules = {
      [
        HotReloadRules.problems(gameServerSet: set, defaults: modern, cluster: store),
        HotReloadRules.problems(pod: single, defaults: modern, cluster: store),
      ].map { $0.map(\.rule) }
    }
    #expect(rules() == [[.staging], [.staging]])
    store.replace(.configMaps, with: [])
    #expect(rules() == [[.missingSource, .staging], [.missingSource, .staging]])
    store.replace(
      .configMaps, with: [KubernetesObject(["metadata": ["name": "assets", "namespace": "n"]])])
    #expect(rules() == [[.staging], [.staging]])
  }
}
