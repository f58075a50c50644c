public import JSON

/// An Advanced StatefulSet of OpenKruise, the engine that runs a set's pods.
public struct AdvancedStatefulSet: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a workload.
  public init(_ json: JSONView) { self.json = json }

  /// The `spec` object.
  public var spec: JSONView? { json["spec"] }
  /// The `status` object.
  public var status: JSONView? { json["status"] }
  /// How many pods are wanted; 1 where it is absent, as the API defaults it.
  public var replicas: Int { spec?["replicas"]?.int ?? 1 }
  /// The ordinals that must not exist, as they are written.
  public var reserveOrdinals: [IntOrString] {
    spec?["reserveOrdinals"]?.elements.compactMap(IntOrString.init) ?? []
  }
  /// The template of the pods.
  public var template: JSONView? { spec?["template"] }
}

/// A PodProbeMarker of OpenKruise, which probes containers and writes pod conditions.
public struct PodProbeMarker: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a marker.
  public init(_ json: JSONView) { self.json = json }

  /// The probes.
  public var probes: [JSONView] { json["spec"]?["probes"].map { Array($0.elements) } ?? [] }
  /// The generation that the node agents' controller has seen; nil before it has seen any.
  public var observedGeneration: Int? { json["status"]?["observedGeneration"]?.int }
}
