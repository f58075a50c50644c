import JSON
import Kubernetes

/// The defaults that the API server writes into objects of built-in kinds, and those of custom resources' schemas.
enum Defaults {
  static func apply(to value: JSONValue, _ definition: ResourceDefinition) -> JSONValue {
    if let schema = definition.schema { return fromSchema(value, schema) }
    switch definition.resource {
    case .pods: return pod(value)
    case .services: return service(value)
    case .mutatingWebhookConfigurations, .validatingWebhookConfigurations: return webhooks(value, definition.resource)
    default: return value
    }
  }

  /// Fills members that are absent where the schema has a default for them; goes into objects and lists that are there.
  static func fromSchema(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
    switch value {
    case .object(var object):
      for member in schema["properties"]?.object?.members ?? [] {
        if let child = object[member.name] {
          object[member.name] = fromSchema(child, member.value)
        } else if let standard = member.value["default"] {
          object[member.name] = fromSchema(standard, member.value)
        }
      }
      return .object(object)
    case .array(let elements):
      guard let items = schema["items"] else { return value }
      return .array(elements.map { fromSchema($0, items) })
    default: return value
    }
  }

  private static func set(_ value: inout JSONValue, _ fields: [(String, JSONValue)]) {
    for (field, standard) in fields where value[field] == nil || value[field] == .null { value[field] = standard }
  }

  private static func pod(_ value: JSONValue) -> JSONValue {
    var pod = value
    guard var spec = pod["spec"], spec.object != nil else { return value }
    set(
      &spec,
      [
        ("restartPolicy", "Always"), ("terminationGracePeriodSeconds", 30), ("dnsPolicy", "ClusterFirst"),
        ("securityContext", .object(JSONObject())), ("schedulerName", "default-scheduler"),
        ("enableServiceLinks", true),
      ])
    for list in ["containers", "initContainers"] {
      if let containers = spec[list]?.array { spec[list] = .array(containers.map(container)) }
    }
    pod["spec"] = spec
    return pod
  }

  private static func container(_ value: JSONValue) -> JSONValue {
    guard value.object != nil else { return value }
    var container = value
    let image = container["image"]?.string ?? ""
    let isLatest =
      !image.contains("@") && (!(image.split(separator: "/").last ?? "").contains(":") || image.hasSuffix(":latest"))
    set(
      &container,
      [
        ("resources", .object(JSONObject())), ("terminationMessagePath", "/dev/termination-log"),
        ("terminationMessagePolicy", "File"), ("imagePullPolicy", isLatest ? "Always" : "IfNotPresent"),
      ])
    if let ports = container["ports"]?.array { container["ports"] = .array(ports.map(port)) }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
      guard var settings = container[probe], settings.object != nil else { continue }
      set(
        &settings,
        [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)])
      container[probe] = settings
    }
    return container
  }

  private static func port(_ value: JSONValue) -> JSONValue {
    guard value.object != nil else { return value }
    var port = value
    set(&port, [("protocol", "TCP")])
    return port
  }

  private static func service(_ value: JSONValue) -> JSONValue {
    var service = value
    guard var spec = service["spec"], spec.object != nil else { return value }
    set(&spec, [("type", "ClusterIP"), ("sessionAffinity", "None")])
    if let ports = spec["ports"]?.array {
      spec["ports"] = .array(
        ports.map { entry in
          var entry = port(entry)
          if entry.object != nil, let number = entry["port"] { set(&entry, [("targetPort", number)]) }
          return entry
        })
    }
    let isExternal = spec["type"]?.string == "NodePort" || spec["type"]?.string == "LoadBalancer"
    if isExternal { set(&spec, [("externalTrafficPolicy", "Cluster")]) } else { spec["externalTrafficPolicy"] = nil }
    service["spec"] = spec
    return service
  }

  private static func webhooks(_ value: JSONValue, _ resource: Resource) -> JSONValue {
    var configuration = value
    guard let entries = configuration["webhooks"]?.array else { return value }
    configuration["webhooks"] = .array(
      entries.map { entry in
        guard entry.object != nil else { return entry }
        var entry = entry
        set(
          &entry,
          [
            ("failurePolicy", "Fail"), ("matchPolicy", "Equivalent"), ("namespaceSelector", .object(JSONObject())),
            ("objectSelector", .object(JSONObject())), ("timeoutSeconds", 10),
          ])
        if resource == .mutatingWebhookConfigurations { set(&entry, [("reinvocationPolicy", "Never")]) }
        return entry
      })
    return configuration
  }
}

/// The quality-of-service class of a pod (Kubernetes, "Pod Quality of Service Classes").
enum PodQuality {
  static func of(_ pod: JSONValue) -> String {
    let containers = (pod["spec"]?["containers"]?.array ?? []) + (pod["spec"]?["initContainers"]?.array ?? [])
    var isGuaranteed = true
    var hasAny = false
    for container in containers {
      let (requests, limits) = (container["resources"]?["requests"], container["resources"]?["limits"])
      if !(requests?.object?.isEmpty ?? true) || !(limits?.object?.isEmpty ?? true) { hasAny = true }
      for name in ["cpu", "memory"] {
        guard let limit = limits?[name], requests?[name] ?? limit == limit else {
          isGuaranteed = false
          continue
        }
      }
    }
    return !hasAny ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
  }
}
