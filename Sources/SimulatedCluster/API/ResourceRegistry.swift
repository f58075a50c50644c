import Kubernetes

/// The resources that the simulated API server serves, by group and plural name.
struct ResourceRegistry: Sendable {
  private var definitions: [Key: ResourceDefinition] = [:]

  private struct Key: Hashable {
    let group: String
    let plural: String
  }

  /// A registry of the built-in resources.
  init() {
    for definition in ResourceRegistry.builtIn + OtherResources.all { add(definition) }
  }

  /// Adds a resource, or replaces the one of the same group and name.
  mutating func add(_ definition: ResourceDefinition) {
    definitions[Key(group: definition.resource.group, plural: definition.resource.plural)] = definition
  }

  /// Removes a resource.
  mutating func remove(_ resource: Resource) {
    definitions[Key(group: resource.group, plural: resource.plural)] = nil
  }

  /// The resource of that group and plural name.
  func definition(group: String, plural: String) -> ResourceDefinition? {
    definitions[Key(group: group, plural: plural)]
  }

  /// What is known of a resource.
  func definition(_ resource: Resource) -> ResourceDefinition? {
    definition(group: resource.group, plural: resource.plural)
  }

  /// Every resource, by group and name.
  var all: [ResourceDefinition] {
    definitions.values.sorted {
      ($0.resource.group, $0.resource.plural) < ($1.resource.group, $1.resource.plural)
    }
  }

  /// The built-in resources that game servers and their controllers touch.
  private static let builtIn: [ResourceDefinition] = [
    ResourceDefinition(resource: .pods, shortNames: ["po"], categories: ["all"], hasStatus: true),
    ResourceDefinition(resource: .services, shortNames: ["svc"], categories: ["all"], hasStatus: true),
    ResourceDefinition(resource: .endpoints, shortNames: ["ep"]),
    ResourceDefinition(resource: .nodes, shortNames: ["no"], hasStatus: true),
    ResourceDefinition(resource: .namespaces, shortNames: ["ns"], hasStatus: true),
    ResourceDefinition(resource: .configMaps, shortNames: ["cm"]),
    ResourceDefinition(resource: .secrets),
    ResourceDefinition(resource: .events, shortNames: ["ev"]),
    ResourceDefinition(resource: .serviceAccounts, shortNames: ["sa"]),
    ResourceDefinition(resource: .persistentVolumeClaims, shortNames: ["pvc"], hasStatus: true),
    ResourceDefinition(resource: .persistentVolumes, shortNames: ["pv"], hasStatus: true),
    ResourceDefinition(resource: .ingresses, shortNames: ["ing"], countsGenerations: true, hasStatus: true),
    ResourceDefinition(resource: .leases),
    ResourceDefinition(resource: .controllerRevisions),
    ResourceDefinition(
      resource: .customResourceDefinitions, shortNames: ["crd", "crds"], countsGenerations: true, hasStatus: true),
    ResourceDefinition(resource: .mutatingWebhookConfigurations, countsGenerations: true),
    ResourceDefinition(resource: .validatingWebhookConfigurations, countsGenerations: true),
  ]
}
