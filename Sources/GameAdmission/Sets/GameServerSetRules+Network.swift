import JSON
import Kubernetes
import NetworkPlugins

extension GameServerSetRules {
  private static let typePath = "spec.network.networkType"
  private static let confPath = "spec.network.networkConf"

  /// The network type is one that an enabled provider has, and stays what it is; the parameters are what its plugin declares.
  func checkNetwork(_ findings: inout FindingList) {
    let network = spec?["network"].flatMap { $0.isNull ? nil : $0 }
    let stored = change.old?["spec"]?["network"]?["networkType"]?.string ?? ""
    if !stored.isEmpty {
      checkUnchanged(network, stored, &findings)
    } else if let network, change.touches(["spec", "network", "networkType"]) || change.old?["spec"]?["network"] == nil
    {
      checkType(network, &findings)
    }
    guard let network else { return }
    checkParameters(network, &findings)
    checkHostPortRange(network, &findings)
  }

  private func checkUnchanged(_ network: JSONView?, _ stored: String, _ findings: inout FindingList) {
    guard let network else {
      return findings.deny(
        .networkRemoved, "spec.network", nil,
        exactly: "change network type is not allowed: the set has \"\(stored)\", and its network cannot be removed")
    }
    let type = network["networkType"]
    guard type?.isString(stored) != true else { return }
    findings.deny(
      .networkTypeImmutable, GameServerSetRules.typePath, type,
      exactly: "change network type is not allowed: it must stay \"\(stored)\"")
  }

  /// An enabled provider has the type.
  private func checkType(_ network: JSONView, _ findings: inout FindingList) {
    let type = network["networkType"]
    guard let name = type?.string, !name.isEmpty else {
      return findings.deny(.networkTypeRequired, GameServerSetRules.typePath, type, exactly: "network type is required")
    }
    guard admission.plugins.plugin(named: name) == nil else { return }
    findings.deny(
      .networkTypeUnknown, GameServerSetRules.typePath, type,
      exactly: "network type must be one of [\(admission.plugins.names.joined(separator: " "))]")
  }

  private func checkParameters(_ network: JSONView, _ findings: inout FindingList) {
    let conf = network["networkConf"]
    guard let parameters = NetworkParameter.list(conf) else {
      return findings.deny(
        .networkConf, GameServerSetRules.confPath, conf, "must be a list of objects with the strings name and value")
    }
    // What a type takes that cannot be used is not of interest.
    let type = network["networkType"]?.string ?? ""
    guard admission.plugins.plugin(named: type) != nil else { return }
    let problems = admission.plugins.validate(
      type: type, parameters: parameters,
      containers: set.templateSpec?.containerNames(in: ["containers"]))
    guard !problems.isEmpty else { return }
    // Of entries with one name the last counts, where they do not add up. One walk for all problems: each entry may be one.
    var places: [NetworkParameter: Int] = [:]
    var placesOfNames: [String: Int] = [:]
    for (place, parameter) in parameters.enumerated() {
      places[parameter] = place
      placesOfNames[parameter.name] = place
    }
    let entries = conf.map { Array($0.elements) } ?? []
    for problem in problems {
      let place = places[NetworkParameter(problem.parameter, problem.value)] ?? placesOfNames[problem.parameter]
      // What is missing, or follows from another entry, has no place of its own.
      let path = GameServerSetRules.confPath + (place.map { "[\($0)].value" } ?? "")
      findings.add(problem, path: path, place.map { entries[$0]["value"] } ?? conf)
    }
  }

  /// A host port is unique on its node only, so too few ports work and are still worth knowing of.
  private func checkHostPortRange(_ network: JSONView, _ findings: inout FindingList) {
    guard network["networkType"]?.isString("Kubernetes-HostPort") == true, let range = admission.hostPorts?.bounds,
      set.replicas > range.count
    else { return }
    findings.advise(
      .hostPortRange, "spec.replicas", spec?["replicas"],
      "is more than the \(range.count) host ports \(range.lowerBound)-\(range.upperBound): servers on different nodes share ports"
    )
  }
}
