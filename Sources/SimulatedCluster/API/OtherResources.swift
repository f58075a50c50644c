import Kubernetes

/// Built-in resources that nothing in the simulation acts on: they are there so that manifests can be applied as they are.
enum OtherResources {
  static let all: [ResourceDefinition] = [
    workload("deployments", "Deployment", ["deploy"]), workload("replicasets", "ReplicaSet", ["rs"]),
    workload("statefulsets", "StatefulSet", ["sts"]),
    status("apps", "v1", "daemonsets", "DaemonSet", ["ds"]), status("batch", "v1", "jobs", "Job"),
    status("batch", "v1", "cronjobs", "CronJob", ["cj"]),
    status("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", ["hpa"]),
    status("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", ["pdb"]),
    plain("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", ["netpol"]),
    plain("networking.k8s.io", "v1", "ingressclasses", "IngressClass", isNamespaced: false),
    plain("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
    plain("rbac.authorization.k8s.io", "v1", "roles", "Role"),
    plain("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
    plain("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", isNamespaced: false),
    plain("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", isNamespaced: false),
    plain("storage.k8s.io", "v1", "storageclasses", "StorageClass", ["sc"], isNamespaced: false),
    plain("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", ["pc"], isNamespaced: false),
    status("apiregistration.k8s.io", "v1", "apiservices", "APIService", isNamespaced: false),
    plain("", "v1", "resourcequotas", "ResourceQuota", ["quota"]),
    plain("", "v1", "limitranges", "LimitRange", ["limits"]),
  ]

  private static func plain(
    _ group: String, _ version: String, _ plural: String, _ kind: String, _ shortNames: [String] = [],
    isNamespaced: Bool = true
  ) -> ResourceDefinition {
    ResourceDefinition(
      resource: Resource(group: group, version: version, plural: plural, kind: kind, isNamespaced: isNamespaced),
      shortNames: shortNames)
  }

  private static func status(
    _ group: String, _ version: String, _ plural: String, _ kind: String, _ shortNames: [String] = [],
    isNamespaced: Bool = true
  ) -> ResourceDefinition {
    var definition = plain(group, version, plural, kind, shortNames, isNamespaced: isNamespaced)
    definition.hasStatus = true
    definition.countsGenerations = true
    return definition
  }

  private static func workload(_ plural: String, _ kind: String, _ shortNames: [String]) -> ResourceDefinition {
    var definition = status("apps", "v1", plural, kind, shortNames)
    definition.categories = ["all"]
    definition.scale = ResourceDefinition.ScalePaths(
      specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"], labelSelector: nil)
    return definition
  }
}
