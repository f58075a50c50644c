import HTTPServer
import Scaler

/// A server that finishes what is in flight before it ends.
protocol DrainingServer: Sendable {
  /// Begins the end, without waiting for it.
  func drain(grace: Duration?)
  /// Waits for the end.
  func join()
}

extension Server: DrainingServer {}
extension ScalerServer: DrainingServer {}
