public import Kubernetes

/// The entries of a network's parameters, found by name.
public struct ParameterValues: Sendable {
  /// The entries in their order.
  public let entries: [NetworkParameter]

  /// Looks at entries.
  public init(_ entries: [NetworkParameter]) { self.entries = entries }

  /// The value of the last entry of a name, which is the one that counts where a parameter does not repeat.
  public func last(_ name: String) -> String? { entries.last { $0.name == name }?.value }

  /// The values of all entries of a name in their order.
  public func all(_ name: String) -> [String] { entries.filter { $0.name == name }.map(\.value) }

  /// Whether there is an entry of a name.
  public func contains(_ name: String) -> Bool { entries.contains { $0.name == name } }

  /// The last value of a name that is not empty.
  func text(_ name: String) -> String? { last(name).flatMap { $0.isEmpty ? nil : $0 } }

  /// Reads values of a parameter with a parser of its grammar.
  ///
  /// - Throws: a parameter error that names the parameter.
  func read<Value>(
    _ name: String, _ parse: ([String]) throws(GrammarError) -> Value
  ) throws(PluginError) -> Value {
    do {
      return try parse(all(name))
    } catch {
      throw PluginError(
        ParameterProblem(parameter: name, value: all(name).joined(separator: ","), message: error.message))
    }
  }

  /// The ports of a parameter whose entries add up.
  func ports(
    _ name: String = "PortProtocols", _ choice: PortProtocol.Choice = .tcpAndUDP
  ) throws(PluginError) -> [ProtocolPort] {
    try read(name) { values throws(GrammarError) in try PortList.parse(values, choice) }
  }

  /// A number of a parameter whose last entry counts.
  ///
  /// - Throws: a parameter error where the value is no number of the range.
  func int(
    _ name: String, in range: ClosedRange<Int>, default defaultValue: Int
  ) throws(PluginError) -> Int {
    guard let text = last(name) else { return defaultValue }
    guard let number = Int(text), range.contains(number) else {
      let message = ParameterKind.int(range).problem(in: text) ?? "\(quoted(text)) is not accepted"
      throw PluginError(ParameterProblem(parameter: name, value: text, message: message))
    }
    return number
  }
}
