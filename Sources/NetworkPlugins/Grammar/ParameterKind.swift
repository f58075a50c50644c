import JSON

/// What a parameter's value looks like.
public enum ParameterKind: Sendable, Hashable {
  /// A boolean in one of the spellings of Go.
  case bool
  /// A whole number in a range.
  case int(ClosedRange<Int>)
  /// Any whole number of 64 bits.
  case number
  /// Ports with protocols: ``PortList``.
  case ports(PortProtocol.Choice)
  /// Ports of one container: ``ContainerPorts``.
  case containerPorts
  /// Port numbers between commas.
  case portNumbers
  /// One or more ids between commas.
  case ids
  /// One id.
  case id
  /// Ids with line names: ``NamedIDs``.
  case namedIDs
  /// Names of containers or objects between commas.
  case names
  /// One of some words.
  case word([String], WordCase)
  /// Words of the cloud between commas, at least one.
  case words
  /// Annotations `key:value` between commas.
  case annotations
  /// One annotation `key: value`.
  case annotation
  /// A text with at most one `<id>`; the word says what the text is.
  case template(String)
  /// A label `key=value`.
  case label
  /// Ports of an HTTP health check: ``SchemePorts``.
  case schemePorts
  /// The path of a health check.
  case healthCheckURI
  /// The host of a health check.
  case healthCheckDomain
  /// Health check fields of a target group: ``TargetGroupHealthCheck``.
  case targetGroupHealthCheck
  /// A private network with zones: ``ZoneMaps``.
  case zoneMaps
  /// A JSON text.
  case json
  /// Any text; the word says what it means.
  case text(String)
  /// Accepted and without effect.
  case ignored

  /// How the case of a word counts.
  public enum WordCase: Sendable, Hashable {
    /// As it is written.
    case exact
    /// Not at all.
    case anyCase
  }
}

extension ParameterKind {
  /// Why a value does not have this form; nil where it does.
  public func problem(in value: String) -> String? {
    do {
      try check(value)
      return nil
    } catch {
      return "\(error.message); expected \(grammar)"
    }
  }

  private func check(_ value: String) throws(GrammarError) {
    switch self {
    case .ports(let choice): _ = try PortList.parse(value, choice)
    case .containerPorts: _ = try ContainerPorts.parse([value])
    case .portNumbers: _ = try NumberList.parse(value, in: 1...65535)
    case .namedIDs: _ = try NamedIDs.groups(NamedIDs.parse(value))
    case .annotations: _ = try KeyValue.annotations(value)
    case .annotation: _ = try KeyValue.annotation(value)
    case .template: _ = try IDTemplate.expand(value, ordinal: 0)
    case .label: _ = try KeyValue.label(value)
    case .schemePorts: _ = try SchemePorts.parse(value)
    case .healthCheckURI: try HealthCheckText.checkURI(value)
    case .healthCheckDomain: try HealthCheckText.checkDomain(value)
    case .targetGroupHealthCheck: _ = try TargetGroupHealthCheck.parse(value)
    case .zoneMaps: _ = try ZoneMaps.parse(value)
    case .text, .ignored, .names: break
    case .bool, .int, .number, .ids, .id, .word, .words, .json:
      guard accepts(value) else { throw GrammarError("\(quoted(value)) is not accepted") }
    }
  }

  /// Whether a value has a form that needs no more words than its own to refuse it.
  private func accepts(_ value: String) -> Bool {
    switch self {
    case .bool: Boolean.parse(value) != nil
    case .int(let range): Int(value).map(range.contains) ?? false
    case .number: Int(value) != nil
    case .ids, .words: !IDList.parse(value).isEmpty
    case .id: IDList.parse(value).count == 1
    case .word(let words, .exact): words.contains(value)
    case .word(let words, .anyCase): words.contains { $0.lowercased() == value.lowercased() }
    case .json: (try? JSONDocument(value)) != nil
    default: true
    }
  }
}
