/// The paths at which reviews are answered, each of which has its entry in the webhook configurations.
public enum ReviewPath: String, Sendable, CaseIterable {
  case mutatePod = "/mutate-v1-pod"
  case validatePod = "/validate-v1-pod"
  case mutateGameServerSet = "/mutate-v1alpha1-gss"
  case validateGameServerSet = "/validate-v1alpha1-gss"
  case mutateGameServer = "/mutate-v1alpha1-gs"
  case validateGameServer = "/validate-v1alpha1-gs"

  /// Whether the answer may change the object.
  public var isMutating: Bool {
    switch self {
    case .mutatePod, .mutateGameServerSet, .mutateGameServer: true
    case .validatePod, .validateGameServerSet, .validateGameServer: false
    }
  }

  /// The paths that the API server calls for a kind of object, in its order; none for a kind that nobody reviews.
  public static func paths(forKind kind: String) -> [ReviewPath] {
    switch kind {
    case "Pod": [.mutatePod, .validatePod]
    case "GameServerSet": [.mutateGameServerSet, .validateGameServerSet]
    case "GameServer": [.mutateGameServer, .validateGameServer]
    default: []
    }
  }
}
