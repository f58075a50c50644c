/// Which fields of the built-in kinds a strategic merge treats in a way of its own, as data.
///
/// Taken from the `patchStrategy` and `patchMergeKey` tags of the API types of Kubernetes 1.34. A line names a type, a field, the type of
/// the field's value or elements (`-` where nothing inside is special) and, for a list, the key that tells its elements apart (`*` for a
/// set of plain values). Fields that are not named merge where they are objects and are replaced where they are anything else: so a
/// pod's tolerations are replaced as a whole.
enum StrategicMergeTable {
  static let fields = """
    Object metadata ObjectMeta
    ObjectMeta ownerReferences - uid
    ObjectMeta finalizers - *

    Pod metadata ObjectMeta
    Pod spec PodSpec
    Pod status PodStatus
    PodSpec volumes - name
    PodSpec initContainers Container name
    PodSpec containers Container name
    PodSpec ephemeralContainers Container name
    PodSpec imagePullSecrets - name
    PodSpec hostAliases - ip
    PodSpec topologySpreadConstraints - topologyKey
    PodSpec resourceClaims - name
    PodSpec schedulingGates - name
    Container ports - containerPort
    Container env - name
    Container volumeMounts - mountPath
    Container volumeDevices - devicePath
    PodStatus conditions - type
    PodStatus podIPs - ip
    PodStatus hostIPs - ip
    PodStatus resourceClaimStatuses - name
    PodTemplate metadata ObjectMeta
    PodTemplate template PodTemplateSpec
    PodTemplateSpec metadata ObjectMeta
    PodTemplateSpec spec PodSpec

    Service metadata ObjectMeta
    Service spec ServiceSpec
    Service status Conditions
    ServiceSpec ports - port
    ServiceAccount metadata ObjectMeta
    ServiceAccount secrets - name
    Node metadata ObjectMeta
    Node spec NodeSpec
    Node status NodeStatus
    NodeSpec podCIDRs - *
    NodeStatus conditions - type
    NodeStatus addresses - type
    Namespace metadata ObjectMeta
    Namespace status Conditions
    PersistentVolumeClaim metadata ObjectMeta
    PersistentVolumeClaim status Conditions
    ComponentStatus metadata ObjectMeta
    ComponentStatus conditions - type
    Conditions conditions - type

    Workload metadata ObjectMeta
    Workload spec WorkloadSpec
    Workload status Conditions
    WorkloadSpec template PodTemplateSpec
    WorkloadSpec volumeClaimTemplates PersistentVolumeClaim
    CronJob metadata ObjectMeta
    CronJob spec CronJobSpec
    CronJobSpec jobTemplate Workload

    Conditioned metadata ObjectMeta
    Conditioned status Conditions
    DisruptionBudget metadata ObjectMeta
    DisruptionBudget spec DisruptionBudgetSpec
    DisruptionBudget status Conditions
    DisruptionBudgetSpec selector - replace

    WebhookConfiguration metadata ObjectMeta
    WebhookConfiguration webhooks Webhook name
    Webhook matchConditions - name
    AdmissionPolicy metadata ObjectMeta
    AdmissionPolicy spec AdmissionPolicySpec
    AdmissionPolicySpec matchConditions - name
    """

  /// The kinds that have fields of the table beyond their metadata: group, kind and type.
  static let kinds = """
    - Pod Pod
    - PodTemplate PodTemplate
    - Service Service
    - ServiceAccount ServiceAccount
    - Node Node
    - Namespace Namespace
    - PersistentVolumeClaim PersistentVolumeClaim
    - ComponentStatus ComponentStatus
    - ReplicationController Workload
    apps Deployment Workload
    apps ReplicaSet Workload
    apps StatefulSet Workload
    apps DaemonSet Workload
    batch Job Workload
    batch CronJob CronJob
    autoscaling HorizontalPodAutoscaler Conditioned
    networking.k8s.io NetworkPolicy Conditioned
    policy PodDisruptionBudget DisruptionBudget
    admissionregistration.k8s.io MutatingWebhookConfiguration WebhookConfiguration
    admissionregistration.k8s.io ValidatingWebhookConfiguration WebhookConfiguration
    admissionregistration.k8s.io ValidatingAdmissionPolicy AdmissionPolicy
    admissionregistration.k8s.io MutatingAdmissionPolicy AdmissionPolicy
    """

  /// The groups whose kinds are built in.
  ///
  /// A custom kind has no tags, and Kubernetes refuses a strategic merge of it.
  static let groups: Set<String> = [
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
    "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io",
    "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
  ]
}
