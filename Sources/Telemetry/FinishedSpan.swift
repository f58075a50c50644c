/// A span that has ended, as an exporter gets it.
public struct FinishedSpan: Sendable, Equatable {
  /// What the span stands for among its neighbours.
  public enum Kind: Sendable {
    /// Answers a request or a change of the cluster.
    case server
    /// A step inside.
    case `internal`
  }

  /// How it went.
  public enum Status: Sendable, Equatable {
    /// Nobody said.
    case unset
    /// Well, with a few words.
    case ok(String)
    /// Not well, with the reason.
    case error(String)
  }

  /// The value of an attribute.
  public enum Value: Sendable, Equatable {
    /// A text.
    case string(String)
    /// A whole number.
    case int(Int64)
    /// A number.
    case double(Double)
    /// A truth value.
    case bool(Bool)
  }

  /// Something that happened within the span.
  public struct Event: Sendable, Equatable {
    /// What.
    public let name: String
    /// When.
    public let time: WallTime
    /// With which details.
    public let attributes: [String: Value]
  }

  /// Another span that has to do with this one without being its parent.
  public struct Link: Sendable, Equatable {
    /// The other span.
    public let context: TraceContext
    /// Why it is linked.
    public let attributes: [String: Value]

    /// Creates a link.
    public init(_ context: TraceContext, attributes: [String: Value] = [:]) {
      self.context = context
      self.attributes = attributes
    }
  }

  /// The span itself.
  public let context: TraceContext
  /// The span within which it ran, in this process.
  public let parent: SpanID?
  /// What it did, a name of few different values.
  public let name: String
  /// Its kind.
  public let kind: Kind
  /// When it began.
  public let start: WallTime
  /// When it ended.
  public internal(set) var end: WallTime
  /// How it went.
  public internal(set) var status: Status = .unset
  /// Its details, at most ``Span/maximumAttributes``.
  public internal(set) var attributes: [String: Value] = [:]
  /// What happened within it, at most ``Span/maximumEvents``.
  public internal(set) var events: [Event] = []
  /// Other spans, at most ``Span/maximumLinks``.
  public internal(set) var links: [Link]
}

/// Takes finished spans to wherever they are kept.
public protocol SpanExporter: Sendable {
  /// Takes one span; called on the thread that ended it, so it must not wait.
  func export(_ span: FinishedSpan)
}

extension FinishedSpan.Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
  /// A text.
  public init(stringLiteral text: String) { self = .string(text) }

  /// A truth value.
  public init(booleanLiteral truth: Bool) { self = .bool(truth) }
}
