import Admission
import JSON
import Kubernetes

/// Applies what the GameServer says about single containers: images, and every resource by name.
struct OverrideStep: Mutator {
  let name = "overrides"

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    guard let server = review.gameServer else { return context.skipped("no GameServer \(review.key)") }
    let overrides = server.containers
    guard !overrides.isEmpty else { return context.skipped("GameServer \(review.key) overrides no container") }
    var applied: [String] = []
    for list in PodEditor.ContainerList.allCases {
      let containers = list == .containers ? review.editor.pod.containers : review.editor.pod.initContainers
      for (place, container) in containers.enumerated() {
        // Of two entries for one container the later one wins field by field.
        for override in overrides where override.json["name"]?.isString(container.name) == true {
          apply(override, to: container, list, place, &review, &applied, &context)
        }
      }
    }
    guard !applied.isEmpty else { return context.skipped("the pod is already as GameServer \(review.key) says") }
    context.audit("overrides", applied.joined(separator: ", "))
  }

  private func apply(
    _ override: Container, to container: Container, _ list: PodEditor.ContainerList, _ place: Int,
    _ review: inout PodReview, _ applied: inout [String], _ context: inout ReviewContext
  ) {
    let image = override.image
    if !image.isEmpty, image != container.image {
      review.editor.setContainer(list, place, ["image"], .string(image))
      applied.append("image of \(container.name)")
      context.acted("image \(image) of container \(container.name), from GameServer \(review.key)")
    }
    for group in ["limits", "requests"] {
      guard let resources = override.resources?[group] else { continue }
      for resource in resources.members {
        let name = resource.name
        guard !JSONView.areEqual(container.resources?[group]?[name], resource.value) else { continue }
        guard let amount = ResourceQuantity(resource.value), !amount.isNegative else {
          let text = resource.value.text
          context.warn("GameServer \(group).\(name) of \(container.name) left out: \(text) is no quantity", .high)
          continue
        }
        review.editor.setContainer(list, place, ["resources", group, name], JSONValue(resource.value))
        applied.append("\(group).\(name) of \(container.name)")
        context.acted(
          "\(group).\(name) \(resource.value.text) of container \(container.name), from GameServer \(review.key)")
      }
    }
  }
}

extension ResourceQuantity {
  /// Reads an amount that stands as a string or as a number.
  init?(_ json: JSONView) {
    guard let text = json.string ?? json.numberText else { return nil }
    self.init(text)
  }
}
