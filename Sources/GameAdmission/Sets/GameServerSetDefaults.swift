import Admission
import JSON
import Kubernetes

/// Writes the values that OpenKruiseGame and Advanced StatefulSet would apply anyway, so that a user sees them.
struct GameServerSetDefaults: Mutator {
  let name = "defaults"

  /// What a probe gets where the field is absent.
  private static let probe: [(String, JSONValue)] = [
    ("initialDelaySeconds", 10), ("timeoutSeconds", 5), ("periodSeconds", 3), ("successThreshold", 1),
    ("failureThreshold", 3),
  ]

  func mutate(_ review: inout ObjectReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    let spec = review.editor.original["spec"]
    let rollingUpdate = spec?["updateStrategy"]?["rollingUpdate"]
    let strategy = ["spec", "updateStrategy"]
    review.setDefault(strategy + ["type"], "RollingUpdate", &context)
    // OpenKruiseGame reads any `rollingUpdate` as a wish for that type, so an OnDelete set without one gets none.
    if rollingUpdate?.isObject == true || review.editor.string(at: strategy + ["type"]) != "OnDelete" {
      review.setDefault(strategy + ["rollingUpdate", "podUpdatePolicy"], "ReCreate", &context)
      review.setDefault(strategy + ["rollingUpdate", "partition"], 0, &context)
      review.setDefault(strategy + ["rollingUpdate", "maxUnavailable"], 1, &context)
    }
    review.setDefault(["spec", "scaleStrategy", "scaleDownStrategyType"], "General", &context)
    review.setDefault(
      ["spec", "gameServerTemplate", "reclaimPolicy"], .string(ReclaimPolicy.cascade.rawValue), &context)
    let qualities = spec?["serviceQualities"]
    guard let qualities, qualities.isArray, qualities.count <= ServiceQualityRules.limit else { return }
    for (place, quality) in qualities.elements.enumerated() where quality.isObject {
      for (field, value) in GameServerSetDefaults.probe {
        review.setDefault(["spec", "serviceQualities", String(place), field], value, &context)
      }
    }
  }
}
