/// Ports from which a plugin gives: both ends count, blocked ones do not.
public struct PortRange: Sendable, Hashable {
  /// Key `min_port`: the lowest port.
  public var minPort: Int
  /// Key `max_port`: the highest port.
  public var maxPort: Int
  /// Key `block_ports`: ports between them that are never given.
  public var blockPorts: [Int]

  /// A range; zeros stand for a section that the file does not have.
  public init(_ minPort: Int = 0, _ maxPort: Int = 0, blocking blockPorts: [Int] = []) {
    self.minPort = minPort
    self.maxPort = maxPort
    self.blockPorts = blockPorts
  }

  /// The ports from the lowest to the highest, blocked ones included; nil where the range makes no sense.
  public var bounds: ClosedRange<Int>? {
    1 <= minPort && minPort <= maxPort && maxPort <= 65535 ? minPort...maxPort : nil
  }
}
