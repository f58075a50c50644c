import JSON
import Kubernetes
import Synchronization

/// What the roles of the simulated cluster allow a service account (Kubernetes, "Using RBAC Authorization").
struct AccessRules: Sendable {
  /// Who asks.
  struct Account: Sendable {
    let namespace: String
    let name: String

    /// Reads `system:serviceaccount:NAMESPACE:NAME`; nil for any other user.
    init?(user: String) {
      let parts = user.split(separator: ":").map(String.init)
      guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
      (namespace, name) = (parts[2], parts[3])
    }
  }

  /// What somebody wants to do.
  struct Request: Sendable {
    let verb: String
    let group: String
    /// With its subresource behind a slash.
    let resource: String
    /// Empty where no object is named.
    let name: String
    /// Empty for all namespaces.
    let namespace: String
  }

  private let server: SimulatedAPIServer

  init(_ server: SimulatedAPIServer) { self.server = server }

  /// Whether a binding of the account leads to a rule that allows the request.
  func allow(_ request: Request, to account: Account) -> Bool {
    let everywhere = objects("clusterrolebindings", "ClusterRoleBinding", namespace: nil)
    let here = request.namespace.isEmpty ? [] : objects("rolebindings", "RoleBinding", namespace: request.namespace)
    return (everywhere + here).contains { binding in
      binds(binding, account) && rules(of: binding).contains { allows($0, request) }
    }
  }

  private func objects(_ plural: String, _ kind: String, namespace: String?) -> [KubernetesObject] {
    let resource = Self.resource(plural, kind, isNamespaced: namespace != nil)
    return server.state.withLock { $0.storage.objects(resource, namespace: namespace) }
  }

  private static func resource(_ plural: String, _ kind: String, isNamespaced: Bool) -> Resource {
    Resource(
      group: "rbac.authorization.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: isNamespaced)
  }

  private func binds(_ binding: KubernetesObject, _ account: Account) -> Bool {
    let groups = ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:\(account.namespace)"]
    return binding.json["subjects"]?.elements.contains { subject in
      let name = subject["name"]?.string ?? ""
      switch subject["kind"]?.string {
      case "ServiceAccount": return name == account.name && subject["namespace"]?.isString(account.namespace) == true
      case "Group": return groups.contains(name)
      case "User": return name == "system:serviceaccount:\(account.namespace):\(account.name)"
      default: return false
      }
    } ?? false
  }

  private func rules(of binding: KubernetesObject) -> [JSONView] {
    guard let reference = binding.json["roleRef"], let name = reference["name"]?.string else { return [] }
    let isNamespaced = reference["kind"]?.isString("Role") == true
    let resource =
      isNamespaced
      ? Self.resource("roles", "Role", isNamespaced: true)
      : Self.resource("clusterroles", "ClusterRole", isNamespaced: false)
    let key = NamespacedName(isNamespaced ? binding.namespace : "", name)
    let role = server.state.withLock { $0.storage.object(resource, key) }
    return role?.json["rules"].map { Array($0.elements) } ?? []
  }

  private func allows(_ rule: JSONView, _ request: Request) -> Bool {
    func has(_ field: String, _ value: String) -> Bool {
      rule[field]?.elements.contains { $0.isString(value) || $0.isString("*") } ?? false
    }
    guard has("verbs", request.verb), has("apiGroups", request.group), has("resources", request.resource) else {
      return false
    }
    guard let names = rule["resourceNames"], names.count > 0 else { return true }
    return names.elements.contains { $0.isString(request.name) }
  }
}
