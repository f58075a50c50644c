/// What the metrics were at one moment: families of samples, in no order.
///
/// Collect callbacks add to it, so that what is counted elsewhere (a store's size, the states of its objects)
/// is read when somebody asks, and costs nothing when nobody does.
public struct MetricCollection: Sendable {
  /// Room for five series of each of 50,000 game servers, several times the largest known fleet of one cluster;
  /// at about 150 bytes a line that is an answer of less than 40 MB.
  public static let defaultLimit = 250_000

  /// What a family's numbers mean.
  public enum Kind: String, Sendable {
    /// Only goes up.
    case counter
    /// Goes up and down.
    case gauge
    /// Observations by size.
    case histogram
  }

  /// One number, or one histogram.
  public enum Value: Sendable, Equatable {
    /// A whole number, printed exactly.
    case count(UInt64)
    /// A number.
    case number(Double)
    /// A histogram.
    case histogram(HistogramSnapshot)
  }

  struct Family: Sendable {
    let help: String
    let kind: Kind
    var samples: [LabelSet: Value] = [:]
  }

  private(set) var families: [MetricName: Family] = [:]
  private var room: Int
  /// Samples that found no room.
  private(set) var dropped: UInt64 = 0

  /// Creates an empty collection that takes at most `limit` samples.
  public init(limit: Int = MetricCollection.defaultLimit) {
    room = limit
  }

  /// Adds one sample; a later one with the same name and labels replaces it.
  ///
  /// The first sample of a name decides its help and kind. A sample of another kind under that name would make the
  /// whole answer unreadable, so it is dropped and counted like one that finds no room.
  public mutating func add(
    _ name: MetricName, help: String, _ kind: Kind, labels: LabelSet = .none, _ value: Value
  ) {
    var family = families.removeValue(forKey: name) ?? Family(help: help, kind: kind)
    defer { families[name] = family }
    guard family.kind == kind, family.samples[labels] != nil || room > 0 else {
      dropped += 1
      return
    }
    if family.samples.updateValue(value, forKey: labels) == nil { room -= 1 }
  }

  /// Adds a gauge.
  public mutating func gauge(_ name: MetricName, help: String, labels: LabelSet = .none, _ value: Double) {
    add(name, help: help, .gauge, labels: labels, .number(value))
  }

  /// Adds a counter that is kept elsewhere.
  public mutating func counter(_ name: MetricName, help: String, labels: LabelSet = .none, _ value: UInt64) {
    add(name, help: help, .counter, labels: labels, .count(value))
  }
}
