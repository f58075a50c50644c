import JSON
import Kubernetes

extension GameServerSetRules {
  /// The longest `minReadySeconds` that the workload accepts.
  private static let longestMinReady = 300

  /// The numbers of the update strategy are in the ranges that the workload accepts.
  func checkUpdateStrategy(_ findings: inout FindingList) {
    let strategy = spec?["updateStrategy"]
    guard let rolling = strategy?["rollingUpdate"], !rolling.isNull else { return }
    let path = "spec.updateStrategy.rollingUpdate"
    if strategy?["type"]?.isString("OnDelete") == true {
      findings.warn(
        .updateStrategy, "spec.updateStrategy.type", strategy?["type"],
        "has no effect beside rollingUpdate, which means RollingUpdate")
    }
    check(rolling["partition"], path + ".partition", 0...Int(Int32.max), &findings)
    check(rolling["minReadySeconds"], path + ".minReadySeconds", 0...GameServerSetRules.longestMinReady, &findings)
    check(
      rolling["inPlaceUpdateStrategy"]?["gracePeriodSeconds"], path + ".inPlaceUpdateStrategy.gracePeriodSeconds",
      0...Int(Int32.max), &findings)
    // With 0 no server would ever be updated; `paused` says so better.
    checkCount(rolling["maxUnavailable"], path + ".maxUnavailable", from: 1, &findings)
  }

  /// The limit for servers that are unavailable while the set grows.
  func checkScaleStrategy(_ findings: inout FindingList) {
    checkCount(spec?["scaleStrategy"]?["maxUnavailable"], "spec.scaleStrategy.maxUnavailable", from: 0, &findings)
  }

  private func check(
    _ value: JSONView?, _ path: String, _ range: ClosedRange<Int>, _ findings: inout FindingList
  ) {
    guard let value, !value.isNull else { return }
    guard value.int.map(range.contains) != true else { return }
    findings.deny(
      .updateStrategy, path, value, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
  }

  private func checkCount(_ value: JSONView?, _ path: String, from lowest: Int, _ findings: inout FindingList) {
    guard let value, !value.isNull else { return }
    let isValid =
      switch IntOrString(value) {
      case .int(let count)?: (lowest...Int(Int32.max)).contains(count)
      case .string(let text)?:
        text.hasSuffix("%") && text.dropLast().utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
          && Int(text.dropLast()).map { $0 <= 100 } ?? false
      case nil: false
      }
    guard !isValid else { return }
    findings.deny(
      .updateStrategy, path, value,
      "must be an integer from \(lowest) on, or a percentage from \"0%\" to \"100%\"")
  }

  /// With `InPlaceOnly` the workload can change nothing but images of containers, labels and annotations.
  func checkInPlaceOnly(_ findings: inout FindingList) {
    guard let old = change.old?.value(at: ["spec", "gameServerTemplate", "spec"]), !old.isNull,
      spec?["updateStrategy"]?["rollingUpdate"]?["podUpdatePolicy"]?.isString("InPlaceOnly") == true,
      // A set without servers has nothing to update in place.
      set.replicas > 0 || GameServerSet(change.old ?? change.new).replicas > 0,
      let difference = InPlaceDifference.find(old, spec?["gameServerTemplate"]?["spec"])
    else { return }
    findings.deny(
      .inPlaceOnly, "spec.gameServerTemplate.spec" + difference.path, difference.value,
      "cannot change under podUpdatePolicy InPlaceOnly, which updates only images of containers, labels and annotations; "
        + "use InPlaceIfPossible or ReCreate for this change")
  }

  /// The names that Kubernetes makes from the set's name have at most 63 characters.
  func checkName(_ findings: inout FindingList) {
    let name = set.name
    // With a dash and the 19 digits that an `Int` has at most, such a name makes no pod's name too long.
    guard name.utf8.count > 63 - 20 else { return }
    let longest = GameServerSetRules.longestPodName(set)
    if longest.utf8.count > 63 {
      // Whoever makes a set smaller makes nothing worse.
      let former = change.old.map { GameServerSetRules.longestPodName(GameServerSet($0)).utf8.count }
      guard former.map({ $0 < longest.utf8.count }) ?? true else { return }
      findings.deny(
        .name, "metadata.name", change.new["metadata"]?["name"], judging: longest,
        "makes pods named up to \(longest), and a pod's host name has at most 63 characters; the name may have "
          + "\(63 - (longest.utf8.count - name.utf8.count))")
    } else if change.old == nil, name.utf8.count > 52 {
      findings.warn(
        .name, "metadata.name", change.new["metadata"]?["name"],
        "may be too long for label controller-revision-hash; 52 characters fit")
    }
  }

  /// The name of the server with the highest ordinal; a list of reserved ordinals that does not parse reserves none.
  private static func longestPodName(_ set: GameServerSet) -> String {
    let reserved = (try? ReserveIDs.ranges(set.reserveGameServerIDs)) ?? []
    return "\(set.name)-\(max(ReserveIDs.end(of: set.replicas, without: reserved) - 1, 0))"
  }
}
