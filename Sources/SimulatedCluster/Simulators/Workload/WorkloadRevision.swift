import JSON
import Kubernetes

/// A version of a workload's pod template, as OpenKruise keeps it in a ControllerRevision.
struct WorkloadRevision: Sendable {
  let name: String
  let template: JSONValue

  /// The revision of a template: its name ends with a hash of the template's canonical text.
  init(workload: String, template: JSONValue) {
    self.template = template
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in template.canonical.bytes {
      hash ^= UInt64(byte)
      hash &*= 1_099_511_628_211
    }
    name = "\(workload)-\(String(hash & 0xFFFF_FFFF_FF, radix: 32))"
  }

  init(stored: KubernetesObject) {
    name = stored.name
    template = stored.json["data"]?["template"].map(JSONValue.init) ?? .null
  }

  /// The stored form, owned by the workload.
  func object(owner: AdvancedStatefulSet, number: Int) -> JSONValue {
    [
      "apiVersion": "apps/v1", "kind": "ControllerRevision",
      "metadata": [
        "name": .string(name), "namespace": .string(owner.namespace),
        "ownerReferences": [OwnerReference(.advancedStatefulSets, owner).value],
      ],
      "data": ["template": template], "revision": .int(number),
    ]
  }

  /// The images by container name where the change from another template is one that needs no new pod; nil where it needs one.
  ///
  /// Labels and annotations may change, and the images of regular containers; anything else is baked into the pod.
  func inPlaceImages(from old: JSONValue) -> [String: String]? {
    guard Self.withoutImages(old) == Self.withoutImages(template) else { return nil }
    var images: [String: String] = [:]
    let before = old["spec"]?["containers"]?.array ?? []
    for (place, container) in (template["spec"]?["containers"]?.array ?? []).enumerated() {
      guard let name = container["name"]?.string, let image = container["image"]?.string,
        before[place]["image"]?.string != image
      else { continue }
      images[name] = image
    }
    return images
  }

  private static func withoutImages(_ template: JSONValue) -> JSONValue {
    var spec = template["spec"] ?? .null
    if let containers = spec["containers"]?.array {
      spec["containers"] = .array(
        containers.map { container in
          var container = container
          container["image"] = nil
          return container
        })
    }
    return spec
  }
}
