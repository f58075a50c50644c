import Kubernetes

extension NetworkPlugin {
  /// The parameters without what does not parse, as the compatibility target reads them.
  ///
  /// For objects that were stored before anybody validated them: of a list of ports, annotations or fields the elements that parse are
  /// kept, any other value that does not parse is left out with its entry, so that its default counts.
  func salvaged(_ parameters: [NetworkParameter]) -> [NetworkParameter] {
    var kept: [NetworkParameter] = []
    for entry in parameters {
      guard let declaration = self.parameters.first(where: { entry.isNamed($0.name) }) else {
        kept.append(entry)
        continue
      }
      guard let value = declaration.kind.salvaged(entry.value) else { continue }
      let values = kept.filter { $0.isNamed(entry.name) }.map(\.value) + [value]
      guard !declaration.isRepeatable || declaration.kind.together(values) == nil else { continue }
      kept.append(NetworkParameter(entry.name, value))
    }
    return kept
  }
}

extension ParameterKind {
  /// What is wrong with several values that are right each by itself; nil where they add up.
  func together(_ values: [String]) -> String? {
    do {
      switch self {
      case .ports(let choice): _ = try PortList.parse(values, choice)
      case .containerPorts: _ = try ContainerPorts.parse(values)
      default: break
      }
      return nil
    } catch {
      return error.message
    }
  }

  /// The part of a value that parses; nil where there is none.
  func salvaged(_ value: String) -> String? {
    if problem(in: value) == nil { return value }
    switch self {
    case .ports, .portNumbers, .annotations, .targetGroupHealthCheck: return salvagedList(value[...], prefix: "")
    case .containerPorts:
      guard let (container, list) = value[...].halves(at: ":") else { return nil }
      return salvagedList(list, prefix: "\(container):")
    default: return nil
    }
  }

  /// The elements that parse together with those before them.
  private func salvagedList(_ list: Substring, prefix: String) -> String? {
    var kept: [Substring] = []
    for part in list.commaParts.prefix(PortList.limit) {
      let candidate = kept + [part]
      if problem(in: prefix + candidate.joined(separator: ",")) == nil { kept = candidate }
    }
    return kept.isEmpty ? nil : prefix + kept.joined(separator: ",")
  }
}
