import JSON
import Kubernetes

/// The three patch formats that need no ownership.
enum PatchApplication {
  static func apply(
    _ patch: ObjectPatch, to live: JSONValue, _ definition: ResourceDefinition
  ) throws(KubernetesError) -> JSONValue {
    switch patch {
    case .json(let patch):
      do throws(JSONPatchError) {
        return try patch.apply(to: live)
      } catch {
        throw KubernetesError(
          .invalid, status: 422, message: "the server rejected our request due to an error in our request: \(error)")
      }
    case .merge(let value): return JSONMergePatch.apply(value, to: live)
    case .strategicMerge(let value):
      guard !definition.isCustom,
        let strategy = StrategicMergePatch(apiVersion: definition.resource.apiVersion, kind: definition.resource.kind)
      else {
        throw KubernetesError(
          .unsupportedMediaType, status: 415,
          message: "the body of the request was in an unknown format - accepted media types include: "
            + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
      }
      do throws(StrategicMergeError) {
        return try strategy.apply(value, to: live)
      } catch {
        throw APIFailure.badRequest("\(error)")
      }
    case .apply: return live
    }
  }
}
