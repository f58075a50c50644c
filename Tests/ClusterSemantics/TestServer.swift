public import KubeClient

/// An API server that the semantics are checked against.
public struct TestServer: Sendable {
  /// What a server can do beyond serving.
  public enum Command: String, Sendable {
    /// Ends the server at once, as a crash does.
    case stop
    /// Starts it again at the same address with the same data.
    case start
    /// Makes it forget all versions but the newest.
    case compact
  }

  /// What the tests call it.
  public let name: String
  /// How an administrator reaches it.
  public let configuration: ClientConfiguration
  /// Whether garbage is collected and namespaces are emptied.
  public let hasControllers: Bool
  /// Performs a command; nil where the server takes none.
  public let perform: (@Sendable (Command) async throws -> Void)?

  /// Describes a server.
  public init(
    name: String, configuration: ClientConfiguration, hasControllers: Bool,
    perform: (@Sendable (Command) async throws -> Void)? = nil
  ) {
    self.name = name
    self.configuration = configuration
    self.hasControllers = hasControllers
    self.perform = perform
  }
}
