import Controllers
import JSON
import Kubernetes
import NetworkPlugins
import Testing

@Suite("Roles")
struct AccessTests {
  /// One permission: a verb on a resource, perhaps on one object only.
  struct Permission: Hashable, CustomStringConvertible {
    let scope: AccessRule.Scope
    let group: String
    let resource: String
    let verb: String
    let name: String

    var description: String { "\(verb) \(resource).\(group)\(name.isEmpty ? "" : "/\(name)") (\(scope))" }
  }

  @Test(
    "grant what the product asks for, and nothing else",
    arguments: zip(CompositionTests.overlays, [true, false, false]))
  func grants(folder: String, registers: Bool) throws {
    let manifests = try Kustomization(folder)
    let granted = Self.granted(manifests)
    let rules = NeededAccess.rules.filter { registers || $0.purpose != .registration }
    let needed = Set(rules.flatMap(Self.permissions))
    #expect(granted.subtracting(needed).map(\.description).sorted() == [])
    #expect(needed.subtracting(granted).map(\.description).sorted() == [])
  }

  @Test("nothing is granted with a star, and nothing that leads to more rights", arguments: CompositionTests.overlays)
  func noStars(folder: String) throws {
    let manifests = try Kustomization(folder)
    for permission in Self.granted(manifests) {
      #expect(![permission.group, permission.resource, permission.verb].contains("*"))
      #expect(!["escalate", "bind", "impersonate"].contains(permission.verb))
      #expect(permission.group != "rbac.authorization.k8s.io")
      // Reading any Secret would be reading the whole cluster.
      #expect(permission.resource != "secrets" || permission.scope == .ownNamespace)
    }
  }

  @Test("no rule is there twice")
  func once() {
    let all = NeededAccess.rules.flatMap(Self.permissions)
    #expect(Set(all).count == all.count)
  }

  @Test("covers what every plugin watches of its cloud's own controllers")
  func clouds() {
    for plugin in PluginRegistry.all {
      for resource in plugin.cloudResources {
        let verbs = NeededAccess.rules.filter {
          $0.purpose == .provider(plugin.provider) && $0.group == resource.group && $0.resource == resource.plural
        }.flatMap(\.verbs)
        #expect(Set(verbs).isSuperset(of: ["get", "list", "watch"]), "\(plugin.name): \(resource)")
      }
    }
  }

  static func permissions(_ rule: AccessRule) -> [Permission] {
    rule.verbs.flatMap { verb in
      (rule.names.isEmpty ? [""] : rule.names).map {
        Permission(scope: rule.scope, group: rule.group, resource: rule.resource, verb: verb, name: $0)
      }
    }
  }

  /// What the manager's account is bound to.
  private static func granted(_ manifests: Kustomization) -> Set<Permission> {
    let bindings = ["ClusterRoleBinding", "RoleBinding"].flatMap(manifests.all).filter { binding in
      binding["subjects"]?.array?.contains { $0["name"]?.string == "kruise-game-controller-manager" } ?? false
    }
    return Set(
      bindings.flatMap { binding -> [Permission] in
        let (kind, name) = (binding["roleRef"]?["kind"]?.string ?? "", binding["roleRef"]?["name"]?.string ?? "")
        guard let role = try? manifests.one(kind, name) else { return [] }
        return (role["rules"]?.array ?? []).flatMap { permissions($0, kind == "Role" ? .ownNamespace : .cluster) }
      })
  }

  private static func permissions(_ rule: JSONValue, _ scope: AccessRule.Scope) -> [Permission] {
    func texts(_ name: String) -> [String] { (rule[name]?.array ?? []).compactMap(\.string) }
    let names = rule["resourceNames"] == nil ? [""] : texts("resourceNames")
    return texts("apiGroups").flatMap { group in
      texts("resources").flatMap { resource in
        texts("verbs").flatMap { verb in
          names.map { Permission(scope: scope, group: group, resource: resource, verb: verb, name: $0) }
        }
      }
    }
  }
}
