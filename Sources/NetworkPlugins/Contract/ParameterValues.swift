public import Kubernetes

/// The entries of a network's parameters, found by name.
public struct ParameterValues: Sendable {
  /// The entries in their order.
  public let entries: [NetworkParameter]

  /// Looks at entries.
  public init(_ entries: [NetworkParameter]) { self.entries = entries }

  /// The value of the last entry of a name, which is the one that counts where a parameter does not repeat.
  public func last(_ name: String) -> String? { entries.last { $0.isNamed(name) }?.value }

  /// The values of all entries of a name in their order.
  public func all(_ name: String) -> [String] { entries.filter { $0.isNamed(name) }.map(\.value) }

  /// Whether there is an entry of a name.
  public func contains(_ name: String) -> Bool { entries.contains { $0.isNamed(name) } }

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

  /// Annotations of a parameter whose entries add up.
  ///
  /// - Throws: a parameter error where they do not parse.
  func annotations(_ name: String = "Annotations") throws(PluginError) -> [KeyValue] {
    try read(name) { values throws(GrammarError) in
      var list: [KeyValue] = []
      for value in values { list += try KeyValue.annotations(value) }
      return list
    }
  }

  /// A boolean of a parameter whose last entry counts.
  ///
  /// - Throws: a parameter error where the value is no boolean.
  func bool(_ name: String, default defaultValue: Bool) throws(PluginError) -> Bool {
    guard let text = last(name) else { return defaultValue }
    guard let value = Boolean.parse(text) else { throw refusal(name, text, .bool) }
    return value
  }

  /// A number of a parameter whose last entry counts.
  ///
  /// - Throws: a parameter error where the value is no number of the range.
  func int(
    _ name: String, in range: ClosedRange<Int>, default defaultValue: Int
  ) throws(PluginError) -> Int {
    guard let text = last(name) else { return defaultValue }
    guard let number = Int(text), range.contains(number) else { throw refusal(name, text, .int(range)) }
    return number
  }

  /// The word of a parameter with a choice of words, as it is declared; the declaration's default where it is absent.
  ///
  /// - Throws: a parameter error for any other word.
  func word(
    _ name: String, _ words: [String], default defaultValue: String, anyCase: Bool = true
  ) throws(PluginError) -> String {
    guard let text = last(name) else { return defaultValue }
    guard let word = words.first(where: { anyCase ? $0.lowercased() == text.lowercased() : $0 == text }) else {
      throw refusal(name, text, .word(words, anyCase ? .anyCase : .exact))
    }
    return word
  }

  /// The external traffic policy that a Service should have.
  func trafficPolicy(default defaultValue: String) throws(PluginError) -> String {
    try word("ExternalTrafficPolicyType", ["Cluster", "Local"], default: defaultValue)
  }

  /// Ids of a parameter whose entries add up, each once.
  func ids(_ name: String) -> [String] { IDList.parse(all(name)) }

  private func refusal(_ name: String, _ value: String, _ kind: ParameterKind) -> PluginError {
    let message = "\(quoted(value)) is not accepted; expected \(kind.grammar)"
    return PluginError(ParameterProblem(parameter: name, value: value, message: message))
  }
}

extension NetworkParameter {
  /// Whether the name is this one, byte for byte; strings are equal to Swift where Unicode calls them equivalent.
  func isNamed(_ name: String) -> Bool { self.name.utf8.elementsEqual(name.utf8) }
}
