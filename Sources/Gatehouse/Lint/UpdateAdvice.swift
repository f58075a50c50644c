import JSON
import Kubernetes
import NetworkPlugins

/// An image tag that moves: an in-place update compares the texts of images, so a new image under the old tag is never noticed.
struct MovingImageTagAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    set.templateContainers.enumerated().compactMap { position, container in
      let image = container.json["image"]?.string ?? ""
      let name = image.split(separator: "/").last ?? ""
      guard !image.isEmpty, !image.contains("@"), !name.contains(":") || name.hasSuffix(":latest") else { return nil }
      return LintFinding(
        level: .advice, field: "spec.gameServerTemplate.spec.containers[\(position)].image",
        message:
          "the image \(image) has a tag that moves, so an update cannot tell new from old; name a version or a digest",
        rule: "moving-image-tag")
    }
  }
}

/// Variables that are made of labels or annotations: an in-place update changes those, and the variables of a running process stay.
struct FrozenEnvironmentAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard set.updatesInPlace else { return [] }
    return set.templateContainers.enumerated().flatMap { position, container in
      (container.json["env"].map { Array($0.elements) } ?? []).enumerated().compactMap { index, variable in
        let source = variable["valueFrom"]?["fieldRef"]?["fieldPath"]?.string ?? ""
        guard source.hasPrefix("metadata.labels") || source.hasPrefix("metadata.annotations") else { return nil }
        return LintFinding(
          level: .advice, field: "spec.gameServerTemplate.spec.containers[\(position)].env[\(index)]",
          message:
            "the variable \(variable["name"]?.string ?? "") is made from \(source), which an in-place update changes "
            + "while the running process keeps the old value; mount it with a downwardAPI volume instead",
          rule: "in-place-environment")
      }
    }
  }
}

/// A restart policy under which an in-place update stops a container for good.
struct RestartPolicyAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard set.updatesInPlace, let policy = set.templateSpec?["restartPolicy"]?.string, policy != "Always" else {
      return []
    }
    return [
      LintFinding(
        level: .advice, field: "spec.gameServerTemplate.spec.restartPolicy",
        message:
          "with restartPolicy \(policy) a container that \(set.podUpdatePolicy) stops for its new image may never start "
          + "again; use Always",
        rule: "in-place-restart-policy")
    ]
  }
}

/// An in-place update of a pod that gets traffic, without time for the traffic to leave.
struct InPlaceGraceAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    let grace = set.spec?["updateStrategy"]?["rollingUpdate"]?["inPlaceUpdateStrategy"]?["gracePeriodSeconds"]?.int ?? 0
    guard set.podUpdatePolicy == "InPlaceOnly", set.network != nil, grace == 0 else { return [] }
    return [
      LintFinding(
        level: .advice, field: GameServerSet.podUpdatePolicyField,
        message: "InPlaceOnly swaps images at once, while the network still sends players; "
          + "set rollingUpdate.inPlaceUpdateStrategy.gracePeriodSeconds",
        rule: "in-place-grace")
    ]
  }
}
