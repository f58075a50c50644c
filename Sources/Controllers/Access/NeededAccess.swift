import Kubernetes
import NetworkPlugins

/// Everything that the product asks of the API server.
public enum NeededAccess {
  /// The lease that the leader holds; OpenKruiseGame's, so that the two never work at the same time.
  static let leaseName = "game-kruise-manager"

  /// All rules, one for each resource and purpose.
  public static let rules = operation + election + registration + providers

  private static let read = ["get", "list", "watch"]
  /// An apply of an object that is not there yet is a `create` besides.
  private static let apply = ["create", "patch"]

  private static let operation: [AccessRule] = [
    rule(.operation, .pods, read + ["patch"]),
    // Owners that hold up a foreground deletion: some API servers ask for this where one is named.
    rule(.operation, .pods, ["update"], of: "finalizers"),
    rule(.operation, .gameServerSets, ["update"], of: "finalizers"),
    rule(.operation, .services, read + apply + ["delete"]),
    rule(.operation, .ingresses, read + apply + ["delete"]),
    rule(.operation, .nodes, read),
    rule(.operation, .persistentVolumeClaims, read),
    rule(.operation, .persistentVolumes, read),
    rule(.operation, .events, apply),
    // The garbage collector ends a workload with its set.
    rule(.operation, .advancedStatefulSets, read + apply + ["update"]),
    rule(.operation, .podProbeMarkers, read + apply + ["delete"]),
    rule(.operation, .gameServerSets, read + ["patch"]),
    rule(.operation, .gameServerSets, ["patch"], of: "status"),
    rule(.operation, .gameServers, read + apply + ["delete"]),
    rule(.operation, .gameServers, ["patch"], of: "status"),
    // What the installed workload controller understands is in the schema of its definition.
    rule(
      .operation, .customResourceDefinitions, ["get"],
      names: [Resource.advancedStatefulSets.description]),
  ]

  private static let election: [AccessRule] = [
    rule(.election, .leases, ["create"], in: .ownNamespace),
    rule(.election, .leases, ["get", "patch"], in: .ownNamespace, names: [leaseName]),
  ]

  private static let registration: [AccessRule] = [
    rule(.registration, .secrets, ["create"], in: .ownNamespace),
    rule(.registration, .secrets, read + ["update"], in: .ownNamespace, names: [WebhookCertificates.secretName]),
    rule(.registration, .mutatingWebhookConfigurations, read + apply, names: [WebhookEntries.mutatingName]),
    rule(.registration, .validatingWebhookConfigurations, read + apply, names: [WebhookEntries.validatingName]),
  ]

  private static let providers: [AccessRule] = [
    AccessRule(.provider(.alibabaCloud), "alibabacloud.com", "podeips", read),
    AccessRule(.provider(.alibabaCloud), "alibabacloud.com", "poddnats", read),
    AccessRule(.provider(.alibabaCloud), "eip.alibabacloud.com", "eips", read + apply + ["delete"]),
    AccessRule(.provider(.alibabaCloud), "nlboperator.alibabacloud.com", "nlbs", read + apply + ["delete"]),
    AccessRule(.provider(.amazonWebServices), "elbv2.k8s.aws", "targetgroupbindings", read + apply + ["delete"]),
    AccessRule(.provider(.amazonWebServices), "elbv2.services.k8s.aws", "listeners", read + apply + ["delete"]),
    AccessRule(.provider(.amazonWebServices), "elbv2.services.k8s.aws", "targetgroups", read + apply + ["delete"]),
  ]

  private static func rule(
    _ purpose: AccessRule.Purpose, _ resource: Resource, _ verbs: [String], of subresource: String? = nil,
    in scope: AccessRule.Scope = .cluster, names: [String] = []
  ) -> AccessRule {
    let plural = subresource.map { "\(resource.plural)/\($0)" } ?? resource.plural
    return AccessRule(purpose, resource.group, plural, verbs, in: scope, names: names)
  }
}
