public import JSON

/// A GameServer: what a user wants of one server, and what its pod shows.
public struct GameServer: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a game server.
  public init(_ json: JSONView) { self.json = json }

  /// The `spec` object.
  public var spec: JSONView? { json["spec"] }
  /// The `status` object.
  public var status: JSONView? { json["status"] }
  /// The operational state; nil where it is unset.
  public var opsState: String? { spec?["opsState"]?.string }
  /// The update priority as text, whether it is stored as a number or as a string; nil where it is unset.
  public var updatePriority: String? { spec?["updatePriority"].flatMap(IntOrString.init)?.description }
  /// The deletion priority as text, whether it is stored as a number or as a string; nil where it is unset.
  public var deletionPriority: String? { spec?["deletionPriority"].flatMap(IntOrString.init)?.description }
  /// Whether traffic is cut; absent counts as false.
  public var isNetworkDisabled: Bool { spec?["networkDisabled"]?.bool ?? false }
  /// The overrides of single containers.
  public var containers: [Container] { spec?["containers"]?.elements.map(Container.init) ?? [] }
  /// The name of the GameServerSet that the server belongs to.
  public var ownerSet: String? { metadata.labels[GameLabels.ownerSet] }
}

/// A value that the API accepts as a number or as a string (Kubernetes' `IntOrString`).
public enum IntOrString: Sendable, Hashable, CustomStringConvertible {
  case int(Int)
  case string(String)

  /// Reads either; nil for any other JSON value.
  public init?(_ json: JSONView) {
    if let int = json.int {
      self = .int(int)
    } else if let string = json.string {
      self = .string(string)
    } else {
      return nil
    }
  }

  /// The number's digits, or the string.
  public var description: String {
    switch self {
    case .int(let value): String(value)
    case .string(let text): text
    }
  }

  /// The value as JSON.
  public var value: JSONValue {
    switch self {
    case .int(let value): .int(value)
    case .string(let text): .string(text)
    }
  }

  /// The count that a number or a percentage of `total` means, a percentage rounded down; nil for any other text.
  public func scaled(of total: Int) -> Int? {
    switch self {
    case .int(let value): return value
    case .string(let text):
      guard text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0 else { return nil }
      let (product, overflowed) = percent.multipliedReportingOverflow(by: total)
      return overflowed ? nil : product / 100
    }
  }
}
