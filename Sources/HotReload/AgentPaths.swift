/// The places inside the sidecar; the webhook mounts them and the agent reads them.
public enum AgentPaths {
  /// The name of the sidecar.
  public static let containerName = "hot-reload"
  /// Where everything of the agent's lies, so that one prefix is off limits for mounts.
  public static let root = "/hot-reload"
  /// The source, as kubelet mounts it.
  public static let source = "/hot-reload/source"
  /// Where revisions are published; the game sees the same volume at its own mount.
  public static let publish = "/hot-reload/publish"
  /// The downward API files `labels`, `name` and `namespace`.
  public static let pod = "/hot-reload/pod"
  /// Where the agent is installed for a source inside an image.
  public static let bin = "/hot-reload/bin"
  /// The agent in its own image: a static program, because it also runs inside images of assets.
  public static let binary = "/gatehouse"
  /// Where Kubernetes mounts a service account's token.
  static let token = "/var/run/secrets/kubernetes.io/serviceaccount"
  /// The port for `/startup`, `/status` and `/metrics` where the pod uses no such port itself.
  static let statusPort = 9877
}
