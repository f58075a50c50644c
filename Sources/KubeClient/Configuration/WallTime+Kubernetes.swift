import Kubernetes
public import Telemetry

extension WallTime {
  /// The form of Kubernetes' `Time`: whole seconds.
  public var kubernetesTime: String { timestamp.description }

  /// The form of Kubernetes' `MicroTime`: exactly six digits of fraction, because Go's parser counts them.
  public var kubernetesMicroTime: String { timestamp.microTime }

  private var timestamp: Timestamp { Timestamp(seconds: Int(seconds), nanoseconds: Int(nanoseconds)) }

  /// Reads an RFC 3339 time; nil for any other text.
  public init?(rfc3339 text: String) {
    guard let time = Timestamp(text) else { return nil }
    self.init(seconds: Int64(time.seconds), nanoseconds: Int64(time.nanoseconds))
  }
}
