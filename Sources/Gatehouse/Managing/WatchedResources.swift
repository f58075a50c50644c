import Controllers
import KubeClient
import Kubernetes

/// What of the cluster a replica keeps in memory.
enum WatchedResources {
  /// What there is one of for each game server, so that its memory is what the product's grows by.
  static let packed: Set<Resource> = [
    .gameServers, .pods, .services, .ingresses, .persistentVolumeClaims, .persistentVolumes,
  ]

  /// What decisions and controllers need; a replica is not ready before all of it has arrived.
  ///
  /// - Parameter namespace: the only namespace that is looked at; nil is all of them.
  static func games(namespace: String?) -> [InformerDeclaration] {
    let everything = ObjectSelection(namespace: namespace)
    // Other pods are nobody's business here, and a cluster may have a hundred thousand of them.
    let servers = ObjectSelection(namespace: namespace, labels: GameLabels.ownerSet)
    return [
      InformerDeclaration(.gameServerSets, everything),
      InformerDeclaration(.gameServers, everything),
      InformerDeclaration(.pods, servers),
      InformerDeclaration(.advancedStatefulSets, everything),
      InformerDeclaration(.podProbeMarkers, everything),
      // The images that a node has are most of its text, and nobody here reads them.
      InformerDeclaration(.nodes, dropping: [["status", "images"]]),
      // Also those of others: their ports on load balancers must not be given a second time.
      InformerDeclaration(.services, everything),
      InformerDeclaration(.ingresses, everything),
      InformerDeclaration(.persistentVolumeClaims, everything),
      InformerDeclaration(.persistentVolumes),
    ]
  }

  /// What the registration writes, so that every replica sees a new certificate, and drift is seen at once.
  static func registration(namespace: String) -> [InformerDeclaration] {
    func only(_ name: String) -> String { "metadata.name=\(name)" }
    return [
      InformerDeclaration(
        .secrets, ObjectSelection(namespace: namespace, fields: only(WebhookCertificates.secretName))),
      InformerDeclaration(
        .mutatingWebhookConfigurations, ObjectSelection(fields: only(WebhookEntries.mutatingName))),
      InformerDeclaration(
        .validatingWebhookConfigurations, ObjectSelection(fields: only(WebhookEntries.validatingName))),
    ]
  }
}
