import Kubernetes
import Synchronization

/// What admission has read from the network annotations of pods lately.
///
/// Every pod of a set has the same annotations, and reading and checking them costs as much as the plugin's own step. What is remembered
/// is a function of the two texts, so it never grows old.
final class NetworkReadings: Sendable {
  /// The annotations of a pod.
  struct Key: Hashable, Sendable {
    let type: String
    let conf: String?

    /// Texts that only look alike are two readings: strings are equal to Swift where Unicode calls them equivalent.
    static func == (one: Key, other: Key) -> Bool {
      guard one.type.utf8.elementsEqual(other.type.utf8) else { return false }
      guard let conf = one.conf, let otherConf = other.conf else { return one.conf == nil && other.conf == nil }
      return conf.utf8.elementsEqual(otherConf.utf8)
    }
  }

  /// What they mean.
  struct Reading: Sendable {
    let plugin: any NetworkPlugin
    let parameters: [NetworkParameter]
    let problems: [ParameterProblem]
    /// What the plugin made of the parameters.
    let prepared: (any PreparedParameters)?
  }

  /// The most readings at a time, more than most clusters have sets with a network.
  static let limit = 256
  /// The longest text in bytes that is remembered: longer ones are rare, and 256 of these are 1 MiB.
  static let longestText = 4_096

  private let readings = Mutex<[Key: Reading]>([:])

  /// What is remembered of some annotations.
  subscript(key: Key) -> Reading? { readings.withLock { $0[key] } }

  /// Remembers a reading, in place of all others where there is no room.
  func remember(_ reading: Reading, as key: Key) {
    guard key.type.utf8.count + (key.conf?.utf8.count ?? 0) <= NetworkReadings.longestText else { return }
    readings.withLock { readings in
      if readings.count >= NetworkReadings.limit { readings.removeAll(keepingCapacity: true) }
      readings[key] = reading
    }
  }
}
