public import JSON

/// The grammar of `NlbIdNames`: `id/name,id/name`, every name equally often.
public enum NamedIDs {
  /// Pairs of id (the key) and line name (the value), in order; empty elements are dropped.
  ///
  /// - Throws: ``GrammarError`` that names an element that is not two parts.
  public static func parse(_ text: String) throws(GrammarError) -> [KeyValue] {
    var pairs: [KeyValue] = []
    for part in text[...].commaParts where !part.isEmpty {
      let halves = part.split(separator: "/", omittingEmptySubsequences: false)
      guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
        throw GrammarError("\(quoted(part)) is not an id and a name with one slash between them")
      }
      guard KubernetesName.isPartOfServiceName(halves[1].lowercased()[...]) else {
        throw GrammarError("\(quoted(halves[1])) cannot be part of a Service's name")
      }
      pairs.append(KeyValue(String(halves[0]), String(halves[1])))
    }
    guard !pairs.isEmpty else { throw GrammarError("\(quoted(text)) names no load balancer") }
    return pairs
  }

  /// The groups of load balancers: the n-th occurrence of a name goes to group n; an id with several names has the last of them.
  ///
  /// - Throws: ``GrammarError`` where the groups are not of one size, or where two load balancers of a group would have one Service.
  public static func groups(_ pairs: [KeyValue]) throws(GrammarError) -> [[KeyValue]] {
    var groups: [[KeyValue]] = []
    var occurrences: [String: Int] = [:]
    for pair in pairs {
      let group = occurrences[pair.value, default: 0]
      occurrences[pair.value] = group + 1
      if group == groups.count { groups.append([]) }
      groups[group].append(pair)
    }
    guard Set(groups.map(\.count)).count <= 1 else {
      let counts = occurrences.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      throw GrammarError("every name must stand there equally often, found \(counts)")
    }
    let names = Dictionary(pairs.map { ($0.key, $0.value) }) { $1 }
    return try groups.map { group throws(GrammarError) in
      let named = IDList.unique(group.map(\.key)).map { KeyValue($0, names[$0] ?? "") }
      var seen: Set<String> = []
      for pair in named where !seen.insert(pair.value.lowercased()).inserted {
        throw GrammarError("two load balancers of one group are named \(quoted(pair.value)), case aside")
      }
      return named
    }
  }
}

/// The grammar of `ZoneMaps`: `vpc-id@zone:vswitch,zone:vswitch`.
public struct ZoneMaps: Sendable, Hashable {
  /// The id of the private network.
  public let vpcID: String
  /// Zones (the keys) and the switches in them (the values).
  public let zones: [KeyValue]

  /// Reads the text; a network load balancer needs at least two zones.
  ///
  /// - Throws: ``GrammarError`` that names the part that is missing or wrong.
  public static func parse(_ text: String) throws(GrammarError) -> ZoneMaps {
    guard let (vpc, list) = text[...].halves(at: "@"), !vpc.isEmpty else {
      throw GrammarError("\(quoted(text)) has no id of a VPC and @ before its zones")
    }
    var zones: [KeyValue] = []
    for part in list.commaParts {
      guard let (zone, vSwitch) = part.halves(at: ":"), !zone.isEmpty, !vSwitch.isEmpty else {
        throw GrammarError("\(quoted(part)) is not a zone and a vSwitch with a colon between them")
      }
      zones.append(KeyValue(String(zone), String(vSwitch)))
    }
    guard zones.count >= 2 else { throw GrammarError("\(quoted(text)) names one zone; at least 2 are needed") }
    return ZoneMaps(vpcID: String(vpc), zones: zones)
  }
}

/// The grammar of `LBHealthCheckProtocolPort`: `http:80,https:443`.
public enum SchemePorts {
  /// Pairs of scheme and port, as they are written.
  ///
  /// - Throws: ``GrammarError`` that names an element that is not `http` or `https`, a colon and a port.
  public static func parse(_ text: String) throws(GrammarError) -> [KeyValue] {
    var pairs: [KeyValue] = []
    for part in text[...].commaParts {
      guard let (scheme, port) = part.halves(at: ":"), scheme == "http" || scheme == "https",
        PortNumber.parse(port) != nil
      else { throw GrammarError("\(quoted(part)) is not http or https, a colon and a port") }
      pairs.append(KeyValue(String(scheme), String(port)))
    }
    return pairs
  }
}

/// The grammar of `NlbHealthCheck`: `key:value,key:value` with the fields of a target group.
public enum TargetGroupHealthCheck {
  /// What a field holds.
  private enum Field {
    case bool, number, text
  }

  private static let fields: [(name: String, field: Field)] = [
    ("healthCheckEnabled", .bool), ("healthCheckIntervalSeconds", .number), ("healthCheckPath", .text),
    ("healthCheckPort", .text), ("healthCheckProtocol", .text), ("healthCheckTimeoutSeconds", .number),
    ("healthyThresholdCount", .number), ("unhealthyThresholdCount", .number),
  ]

  /// The fields that are known.
  static var names: [String] { fields.map(\.name) }

  /// The fields as a target group has them; of two with one name the last counts.
  ///
  /// - Throws: ``GrammarError`` that names an element without a colon, an unknown field or a value of the wrong kind.
  public static func parse(_ text: String) throws(GrammarError) -> [(name: String, value: JSONValue)] {
    var result: [(name: String, value: JSONValue)] = []
    for part in text[...].commaParts where !part.isEmpty {
      guard let (name, value) = part.halves(at: ":") else { throw GrammarError("\(quoted(part)) has no colon") }
      guard let field = fields.first(where: { $0.name == name })?.field else {
        throw GrammarError("\(quoted(name)) is none of \(names.joined(separator: ", "))")
      }
      result.removeAll { $0.name == name }
      result.append((String(name), try read(value, as: field, of: name)))
    }
    return result
  }

  private static func read(_ value: Substring, as field: Field, of name: Substring) throws(GrammarError) -> JSONValue {
    switch field {
    case .bool:
      guard let bool = Boolean.parse(value) else { throw GrammarError("\(name): \(quoted(value)) is no boolean") }
      return .bool(bool)
    case .number:
      guard let number = Int(value) else { throw GrammarError("\(name): \(quoted(value)) is no integer") }
      return .int(number)
    case .text: return .string(String(value))
    }
  }
}
