/// The versions of the AdmissionReview API that are answered.
///
/// Both carry the same fields. An older server that speaks `v1beta1` may leave out `requestKind` and `options`, and demands less of the
/// answer than `v1` does, so one form of answer serves both.
public enum ReviewVersion: String, Sendable, CaseIterable {
  case v1 = "admission.k8s.io/v1"
  case v1beta1 = "admission.k8s.io/v1beta1"
}

/// What a user asked the API server to do with an object.
public enum AdmissionOperation: String, Sendable, CaseIterable {
  case create = "CREATE"
  case update = "UPDATE"
  case delete = "DELETE"
  /// A connection, such as `kubectl exec`; the object is the options of the connection.
  case connect = "CONNECT"
}
