import Admission
import JSON
import Kubernetes

/// Applies what the GameServer says about single containers: images, and every resource by name.
struct OverrideStep: Mutator {
  let name = "overrides"

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    guard let server = review.gameServer else { return context.skipped("no GameServer \(review.key)") }
    let overrides = ContainerOverrides(server)
    guard !overrides.isEmpty else { return context.skipped("GameServer \(review.key) overrides no container") }
    var applied: [String] = []
    for list in PodEditor.ContainerList.allCases {
      let containers = list == .containers ? review.editor.pod.containers : review.editor.pod.initContainers
      for (place, container) in containers.enumerated() {
        for field in overrides.fields(of: container.name, &context)
        where !JSONView.areEqual(container.json.value(at: field.path), field.value) {
          review.editor.setContainer(list, place, field.path, JSONValue(field.value))
          applied.append("\(field.name) of \(container.name)")
          let text = field.value.string ?? field.value.text
          context.acted("\(field.name) \(text) of container \(container.name), from GameServer \(review.key)")
        }
      }
    }
    guard !applied.isEmpty else { return context.skipped("the pod is already as GameServer \(review.key) says") }
    context.audit("overrides", applied.joined(separator: ", "))
  }
}
