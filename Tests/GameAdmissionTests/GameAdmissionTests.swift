import Admission
import GameAdmission
import JSON
import Kubernetes
import NetworkPlugins
import TestSupport
import Testing

@Suite("Game admission")
struct GameAdmissionTests {
  private func load(_ folder: FixtureFolder, _ name: String) throws -> [UInt8] {
    try GoldenCase(folder: folder, name: name).review
  }

  @Test("has a handler for every path")
  func hasHandlers() throws {
    let admission = try TestCluster().admission()
    #expect(
      admission.handlers().map(\.path) == [
        "/mutate-v1-pod", "/validate-v1-pod", "/mutate-v1alpha1-gss", "/validate-v1alpha1-gss", "/mutate-v1alpha1-gs",
        "/validate-v1alpha1-gs",
      ])
    #expect(ReviewPath.paths(forKind: "Pod") == [.mutatePod, .validatePod])
    #expect(ReviewPath.paths(forKind: "Service").isEmpty)
  }

  @Test("asks to be called again until the stores that a review needs have synced")
  func waitsForStores() throws {
    let admission = try TestCluster(isSynced: false).admission()
    let waiting = [
      (FixtureFolder.mutatePod, "gives-host-ports"), (.validatePod, "refuses-the-eviction-of-a-pod-with-players"),
      (.validateSet, "denies-deletion-while-servers-have-players"),
    ]
    for (folder, name) in waiting {
      let answered = try Answered(try load(folder, name), at: folder.path, admission)
      #expect(answered.status == 503)
    }
    let deciding = [
      (FixtureFolder.mutatePod, "leaves-a-pod-without-a-set-alone"), (.mutatePod, "allows-deletion"),
      (.mutateSet, "fills-in-what-is-absent"), (.validateSet, "allows-a-plain-set"),
      (.validateSet, "allows-deletion-without-protection"), (.mutateServer, "fills-in-what-is-absent"),
    ]
    for (folder, name) in deciding {
      let answered = try Answered(try load(folder, name), at: folder.path, admission)
      #expect(answered.status == 200)
      #expect(answered.response["allowed"] == true)
    }
  }

  @Test("lets no pod in without its network when the time of its review is over")
  func refusesLateNetworks() throws {
    let review = try load(.mutatePod, "gives-host-ports")
    let late = try Answered(review, at: .mutatePod, try TestCluster().admission(), receivedAt: .now - .seconds(9))
    // The API server asks again while it has time, and then its failure policy refuses the pod.
    #expect(late.status == 503)
    #expect(late.patch == nil)
    #expect(try Answered(review, at: .mutatePod, try TestCluster().admission()).patch != nil)
  }

  @Test("warns of what only this product denies, in the mode for taking a cluster over", arguments: GoldenCase.all)
  func warnsInstead(golden: GoldenCase) throws {
    guard [.validateSet, .validateServer, .mutatePod].contains(golden.folder), !golden.name.hasPrefix("refuses-") else {
      return
    }
    let strict = try Answered(try golden.review, at: golden.folder.path, try TestCluster().admission())
    let lenient = try Answered(try golden.review, at: golden.folder.path, try TestCluster().admission(.warn))
    guard strict.response["allowed"] == false else {
      #expect(lenient.response == strict.response)
      #expect(lenient.patch == strict.patch)
      return
    }
    let staysDenied = [
      "denies-a-network-without-type", "denies-a-network-type-that-nobody-has",
      "denies-a-network-type-of-a-provider-that-is-off", "denies-a-change-of-the-network-type",
      "denies-a-network-type-that-only-looks-like-one", "denies-deletion-while-servers-have-players",
    ]
    if staysDenied.contains(golden.name) {
      #expect(lenient.response["allowed"] == false)
    } else {
      #expect(lenient.response["allowed"] == true)
      #expect(lenient.response["warnings"]?.array?.isEmpty == false)
    }
  }

  @Test("denies no pod in the mode for taking a cluster over", arguments: GoldenCase.all)
  func letsPodsIn(golden: GoldenCase) throws {
    guard golden.folder == .validatePod, golden.name.hasPrefix("denies-") else { return }
    let lenient = try Answered(try golden.review, at: .validatePod, try TestCluster().admission(.warn))
    #expect(lenient.response["allowed"] == true)
  }

  @Test("lets a set get a network type that nobody has, in the mode for taking a cluster over, but not begin with it")
  func laterType() throws {
    let admission = try TestCluster().admission(.warn)
    let network: JSONValue = ["networkType": "Acme-LB"]
    let without: JSONValue = ["kind": "GameServerSet", "metadata": ["name": "a"], "spec": ["replicas": 1]]
    var with = without
    with["spec"]?["network"] = network
    let created = admission.validate(KubernetesObject(with))
    #expect(created.map(\.severity) == [.error])
    let updated = admission.validate(KubernetesObject(with), old: KubernetesObject(without))
    #expect(updated.map(\.severity) == [.warning])
    #expect(created.map(\.rule) == updated.map(\.rule))
  }

  @Test("gives pods without a name ports of their own, and the same to a review that is sent again")
  func unnamedPods() throws {
    let admission = try TestCluster().admission()
    let review = JSONValue(try JSONDocument(try load(.mutatePod, "gives-host-ports")).root)
    func ports(_ id: String, isDryRun: Bool = false) throws -> [Int] {
      var review = review
      review["request"]?["uid"] = .string(id)
      review["request"]?["dryRun"] = .bool(isDryRun)
      review["request"]?["name"] = nil
      review["request"]?["object"]?["metadata"]?["name"] = nil
      review["request"]?["object"]?["metadata"]?["generateName"] = "minecraft-"
      let answered = try Answered(review.bytes, at: .mutatePod, admission)
      let raw = try #require(review["request"]?["object"])
      let pod = KubernetesObject(try #require(answered.patch).apply(to: raw)).as(Pod.self)
      return pod.containers.flatMap(\.ports).map(\.hostPort)
    }
    let first = try ports("one")
    #expect(!first.isEmpty)
    #expect(try ports("one") == first)
    let dry = try ports("two", isDryRun: true)
    #expect(Set(dry).isDisjoint(with: first))
    #expect(try ports("two") == dry)
  }

  @Test("explains what each mutator did and why")
  func explains() throws {
    let admission = try TestCluster().admission()
    let review = try load(.mutatePod, "overrides-images-and-every-resource")
    let request = try AdmissionHandler.open(review.span)
    let result = try admission.explain(request, at: .mutatePod)
    let reports = try #require(result.context.reports)
    #expect(reports.map(\.mutator) == ["owner", "state", "overrides", "network", "hot-reload"])
    #expect(reports.map(\.hasActed) == [false, false, true, false, false])
    #expect(
      reports[2].remarks.first
        == .acted("image registry.example/game:9 of container game, from GameServer games/plain-5"))
    #expect(reports[3].remarks == [.skipped("neither the pod nor GameServerSet games/plain names a network")])
  }

  @Test("warns of a hot-reload source that is not there, where the store knows")
  func missingSource() throws {
    let cluster = try TestCluster()
    let review = String(decoding: try load(.mutatePod, "injects-the-hot-reload-sidecar"), as: UTF8.self)
    let body = Array(review.replacing("image:registry.example/assets:7", with: "configmap:assets").utf8)
    let warnings = { () throws -> [String] in
      let answered = try Answered(body, at: .validatePod, cluster.admission())
      #expect(answered.response["allowed"] == true)
      return answered.response["warnings"]?.array?.compactMap(\.string) ?? []
    }
    #expect(try warnings().isEmpty)
    cluster.store.replace(.configMaps, with: [])
    #expect(try warnings().contains { $0.contains("configmap:assets") && $0.contains("does not exist yet") })
    let source = KubernetesObject(["kind": "ConfigMap", "metadata": ["name": "assets", "namespace": "games"]])
    cluster.store.set(.configMaps, source)
    #expect(try warnings().isEmpty)
  }

  @Test("denies a pod when there are not enough host ports, with the range")
  func exhaustedPorts() throws {
    let review = try load(.mutatePod, "completes-a-pod-as-a-workload-sends-it")
    let admission = try TestCluster().admission(hostPorts: PortRange(8000, 8001))
    let answered = try Answered(review, at: .mutatePod, admission)
    #expect(answered.response["allowed"] == false)
    let message = try #require(answered.response["status"]?["message"]?.string)
    #expect(
      message.hasPrefix(
        "Kubernetes-HostPort: insufficient port range: games/minecraft-3 needs 3 host ports but the range 8000 to 8001 only has 2"
      ))
  }

  @Test("finds for lint what validation denies and warns of, and advice besides")
  func findsForLint() throws {
    let admission = try TestCluster().admission(hostPorts: PortRange(8000, 8009))
    let set: JSONValue = [
      "kind": "GameServerSet", "apiVersion": "game.kruise.io/v1alpha1",
      "metadata": ["name": "a", "namespace": "games"],
      "spec": [
        "replicas": 11, "network": ["networkType": "Kubernetes-HostPort"], "reserveGameServerIds": [-1],
        "gameServerTemplate": ["spec": ["containers": [["name": "game"]]]],
      ],
    ]
    let findings = admission.validate(KubernetesObject(set))
    #expect(findings.map(\.rule) == ["reserve-ids", "host-port-range"])
    #expect(findings.map(\.severity) == [.error, .advice])
    #expect(findings.map(\.fieldPath) == ["spec.reserveGameServerIds[0]", "spec.replicas"])
    #expect(findings.map(\.value) == ["-1", "11"])
    #expect(admission.validate(KubernetesObject(["kind": "Service"])).isEmpty)
  }

  @Test("compares large reserved ranges without listing them")
  func comparesRanges() throws {
    var entries = (0..<20_000).map { JSONValue.int($0 * 2) }
    entries.append(.string("50001-900000"))
    let admission = try TestCluster().admission()
    #expect(admission.validate(reserving(entries)).isEmpty)
    let repeated = admission.validate(reserving(entries + ["60000-60001"]))
    #expect(repeated.map(\.fieldPath) == ["spec.reserveGameServerIds[20001]"])
  }

  @Test("names the first entry of a long list that repeats an id, whatever stands behind it")
  func firstRepetition() throws {
    var entries = (0..<1_000).map { JSONValue.int(1_000 - $0) }
    entries.insert("2000-3000", at: 0)
    entries += [2_001, 7, "x", -1]
    let findings = try TestCluster().admission().validate(reserving(entries))
    #expect(findings.map(\.fieldPath) == ["spec.reserveGameServerIds[1001]"])
    #expect(findings.first?.message.hasPrefix("reserveGameServerIds should not be repeat. Now it is 2001") == true)
  }

  private func reserving(_ list: [JSONValue]) -> KubernetesObject {
    var spec: JSONValue = ["replicas": 0]
    spec["reserveGameServerIds"] = .array(list)
    return KubernetesObject(["kind": "GameServerSet", "metadata": ["name": "a"], "spec": spec])
  }
}
