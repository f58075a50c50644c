public import Kubernetes
import TLS

/// Keeps the webhook configurations and the shared certificates right, as one more controller: whatever changes among them brings up one key.
public struct RegistrationReconciler: Reconciler {
  /// The only key there is.
  public static let key = NamespacedName("", "webhook-registration")
  /// The longest time without a look, for changes that no watch told of.
  private static let longestPause = Duration.seconds(600)

  /// The name in logs and metrics.
  public let name = "webhook-registration"
  private let registration: WebhookRegistration

  /// A controller of this registration.
  public init(_ registration: WebhookRegistration) { self.registration = registration }

  /// Does the step that is due and applies the configurations where they differ.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    do throws(WebhookRegistration.Failure) {
      let next = try await registration.renew().next
      return .after(min(max(next.since(.now), .seconds(1)), Self.longestPause))
    } catch {
      return .retry(error.description)
    }
  }
}
