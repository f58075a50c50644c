public import Kubernetes

extension NetworkPlugin {
  /// Everything that is wrong or doubtful with the parameters of a network of this type.
  ///
  /// An undeclared name is a warning, a value that does not parse and a required parameter that is missing are not. Of a parameter that
  /// does not repeat, only the last entry is looked at, since only that counts.
  ///
  /// - Parameter containers: the names of the pod's containers where they are known, so that parameters that name others are found; no
  ///   plugin looks at init containers.
  public func problems(in parameters: [NetworkParameter], containers: Set<String>? = nil) -> [ParameterProblem] {
    let values = ParameterValues(parameters)
    var problems = self.parameters.flatMap { $0.problems(in: values) }
    problems += unknownNames(in: parameters)
    if !problems.contains(where: { !$0.isWarning }) { problems += check(parameters) }
    if let containers { problems += self.parameters.flatMap { $0.strangers(in: values, containers) } }
    return problems
  }

  private func unknownNames(in parameters: [NetworkParameter]) -> [ParameterProblem] {
    let known = self.parameters.map(\.name)
    var seen: Set<String> = []
    return parameters.compactMap { entry in
      guard !known.contains(where: { entry.isNamed($0) }), seen.insert(entry.name).inserted else { return nil }
      guard let message = message(forUnknown: entry.name, known) else { return nil }
      return ParameterProblem(parameter: entry.name, value: entry.value, message: message, isWarning: true)
    }
  }

  /// What to say of a name that is not declared; nil where there is nothing to say.
  private func message(forUnknown name: String, _ known: [String]) -> String? {
    if name == ParameterDeclaration.allowNotReadyContainersName {
      return "has no effect in \(self.name), and in-place updates would wait for ever; remove it"
    }
    let similar = Spelling.nearest(to: name, in: known)
    if let similar { return "is no parameter of \(self.name); did you mean \(similar)?" }
    guard otherParameters == .ignored else { return nil }
    return known.isEmpty
      ? "is no parameter of \(self.name), which has none"
      : "is no parameter of \(self.name); it has \(known.joined(separator: ", "))"
  }
}

extension ParameterDeclaration {
  fileprivate func problems(in values: ParameterValues) -> [ParameterProblem] {
    let given = values.all(name)
    guard !given.isEmpty else {
      guard isRequired else { return [] }
      return [ParameterProblem(parameter: name, value: "", message: "is missing; expected \(grammar)")]
    }
    var problems: [ParameterProblem] = []
    for value in isRepeatable ? given : given.suffix(1) {
      guard let message = kind.problem(in: value) else { continue }
      problems.append(ParameterProblem(parameter: name, value: value, message: message))
    }
    if !isRepeatable, given.count > 1 {
      problems.append(
        ParameterProblem(
          parameter: name, value: given.last ?? "", message: "stands there \(given.count) times; the last one counts",
          isWarning: true))
    } else if given.count > 1, problems.isEmpty, let message = kind.together(given) {
      problems.append(ParameterProblem(parameter: name, value: given.joined(separator: ","), message: message))
    }
    if kind == .ignored {
      problems.append(
        ParameterProblem(parameter: name, value: given.last ?? "", message: "has no effect", isWarning: true))
    }
    return problems
  }

  /// Warnings of containers that the parameter names and the pod has not.
  fileprivate func strangers(in values: ParameterValues, _ containers: Set<String>) -> [ParameterProblem] {
    values.all(name).flatMap { value in
      let named: [String] =
        switch kind {
        case .containerPorts: (try? ContainerPorts.parse(value)).map { [$0.container] } ?? []
        case .names where name == ParameterDeclaration.allowNotReadyContainersName: IDList.parse(value)
        default: []
        }
      return named.filter { !containers.contains($0) }.map { stranger in
        ParameterProblem(
          parameter: name, value: value,
          message: "names container \(quoted(stranger)); the pod has \(containers.sorted().joined(separator: ", "))",
          isWarning: true)
      }
    }
  }
}
