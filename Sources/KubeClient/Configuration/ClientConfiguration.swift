/// Everything that a client must know of its API server.
public struct ClientConfiguration: Sendable {
  /// Where the server is.
  public var endpoint: Endpoint
  /// Who the client is.
  public var credentials: Credentials
  /// The namespace that is meant where none is named.
  public var namespace: String
  /// How much the client asks of the server.
  public var limits: ClientLimits
  /// What the server's logs and audit call the client.
  public var userAgent: String

  /// Describes a client.
  public init(
    endpoint: Endpoint, credentials: Credentials = Credentials(), namespace: String = "default",
    limits: ClientLimits = ClientLimits(), userAgent: String = "gatehouse"
  ) {
    self.endpoint = endpoint
    self.credentials = credentials
    self.namespace = namespace
    self.limits = limits
    self.userAgent = userAgent
  }
}

/// How much a client asks of the API server.
public struct ClientLimits: Sendable {
  /// Requests per second in the long run; 0 is no limit.
  public var queriesPerSecond: Double
  /// Requests at once after a pause.
  public var burst: Int
  /// How long one attempt of a request may take; the API server itself gives up after 60 s.
  public var timeout: Duration
  /// How often one request is sent at most.
  public var attempts: Int
  /// How long a watch lives before the client renews it, a random part of up to the same time added, so that the watches of many
  /// replicas spread over the API servers.
  public var watchDuration: Duration

  /// Limits that suit a controller of some thousand objects.
  public init(
    queriesPerSecond: Double = 50, burst: Int = 100, timeout: Duration = .seconds(60), attempts: Int = 5,
    watchDuration: Duration = .seconds(300)
  ) {
    self.queriesPerSecond = queriesPerSecond
    self.burst = burst
    self.timeout = timeout
    self.attempts = max(1, attempts)
    self.watchDuration = watchDuration
  }
}

/// Who a client is to the API server.
public struct Credentials: Sendable, Equatable {
  /// What a request's `Authorization` header is made of.
  public enum Authorization: Sendable, Equatable {
    /// No such header.
    case none
    /// A bearer token.
    case token(String)
    /// A bearer token in a file that others renew.
    case tokenFile(String)
    /// A user name and a password.
    case basic(user: String, password: String)
    /// A program that prints a token or a certificate.
    case exec(ExecCommand)
  }

  /// Whom the client acts for.
  public struct Impersonation: Sendable, Equatable {
    /// The user.
    public var user: String
    /// The user's groups.
    public var groups: [String]

    /// Describes whom the client acts for.
    public init(user: String, groups: [String] = []) {
      self.user = user
      self.groups = groups
    }
  }

  /// What the `Authorization` header is made of.
  public var authorization: Authorization
  /// The certificate that the client shows.
  public var identity: ClientIdentity?
  /// Whom the client acts for; nil: for itself.
  public var impersonation: Impersonation?

  /// Describes credentials; the default are none.
  public init(
    authorization: Authorization = .none, identity: ClientIdentity? = nil, impersonation: Impersonation? = nil
  ) {
    self.authorization = authorization
    self.identity = identity
    self.impersonation = impersonation
  }
}

/// A configuration that cannot be used.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: Sendable, Equatable {
    /// The process does not run in a cluster.
    case notInCluster
    /// A file cannot be read.
    case unreadable
    /// A name that the configuration refers to is not in it.
    case missing
    /// A value is not what it has to be.
    case malformed
    /// The configuration asks for what this client does not do.
    case unsupported
  }

  /// What kind of failure it is.
  public let code: Code
  /// What is wrong, with the name of the file or the field.
  public let description: String

  /// Describes a failure.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
