import JSON
import Kubernetes
import Telemetry

/// The `spec` of a `Lease`: who leads, since when, and until when the others wait.
struct LeaseRecord: Sendable, Equatable {
  /// Who leads; empty where the last leader has given up.
  var holder: String
  /// How long others wait after the last renewal.
  var duration: Duration
  /// When the holder took the lease, in the form of `MicroTime`.
  var acquireTime: String
  /// When the holder renewed it.
  var renewTime: String
  /// How often the lease changed hands.
  var transitions: Int

  /// A record of values.
  init(holder: String, duration: Duration, acquireTime: String, renewTime: String, transitions: Int) {
    self.holder = holder
    self.duration = duration
    self.acquireTime = acquireTime
    self.renewTime = renewTime
    self.transitions = transitions
  }

  /// Reads a lease; what is absent is zero or empty, as in a lease that somebody made by hand.
  init(_ lease: KubernetesObject) {
    let spec = lease.json["spec"]
    holder = spec?["holderIdentity"]?.string ?? ""
    duration = .seconds(spec?["leaseDurationSeconds"]?.int ?? 0)
    acquireTime = spec?["acquireTime"]?.string ?? ""
    renewTime = spec?["renewTime"]?.string ?? ""
    transitions = spec?["leaseTransitions"]?.int ?? 0
  }

  /// The `spec` as JSON.
  var value: JSONValue {
    [
      "holderIdentity": .string(holder), "leaseDurationSeconds": .int(Int(duration.components.seconds)),
      "acquireTime": .string(acquireTime), "renewTime": .string(renewTime), "leaseTransitions": .int(transitions),
    ]
  }
}
