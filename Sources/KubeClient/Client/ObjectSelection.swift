/// Which objects of a resource a list or a watch is about.
public struct ObjectSelection: Sendable, Hashable {
  /// The namespace; nil is all of them.
  public var namespace: String?
  /// The label selector in the text form of the API; empty selects all.
  public var labels: String
  /// The field selector in the text form of the API; empty selects all.
  public var fields: String

  /// Selects objects; the default are all.
  public init(namespace: String? = nil, labels: String = "", fields: String = "") {
    self.namespace = namespace
    self.labels = labels
    self.fields = fields
  }
}

/// How fresh a list has to be (the parameters `resourceVersion` and `resourceVersionMatch`).
public enum ListVersion: Sendable, Hashable {
  /// What the database holds at the moment of the request.
  case newest
  /// Whatever the API server has in memory.
  case any
  /// This version or a newer one.
  case notOlderThan(String)
  /// Exactly this version; it is gone after the next compaction.
  case exactly(String)
}
