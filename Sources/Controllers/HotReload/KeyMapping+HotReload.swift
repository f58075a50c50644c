import HotReload
public import Kubernetes

extension KeyMapping {
  /// The game servers whose hot reload a change of them, or of their pods, concerns.
  ///
  /// Where neither state of the object has an annotation of hot reload nothing can have changed about it. A new object always counts: the
  /// other one of the two may have such annotations, from an earlier pod too.
  public static func hotReloads(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    if let old, let new, old.metadata.uid == new.metadata.uid, !isAnnotated(old), !isAnnotated(new) { return [] }
    return gameServers(resource, old: old, new: new)
  }

  private static func isAnnotated(_ object: KubernetesObject) -> Bool {
    object.metadata.annotations.contains { $0.key.hasPrefix(HotReloadAnnotation.prefix) }
  }
}
