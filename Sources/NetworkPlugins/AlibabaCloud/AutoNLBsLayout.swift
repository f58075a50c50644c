import Kubernetes

/// Which load balancer and which ports a pod has, computed from its number alone.
///
/// The ports of a load balancer are the allowed ones in order; each pod takes as many in a row as it has entries, and what does not make
/// up a whole pod at the end stays unused.
struct AutoNLBsLayout: Sendable, Hashable {
  /// The ports of a pod inside.
  let entries: [ProtocolPort]
  /// The lines, each once, as they are written.
  let lines: [String]
  /// The ports outside that may be used, ascending.
  let allowed: [Int]

  init(_ parameters: [NetworkParameter]) throws(PluginError) {
    let values = ParameterValues(parameters)
    entries = try values.ports()
    let low = try values.int("MinPort", in: 1...65535, default: 1000)
    let high = try values.int("MaxPort", in: 1...65535, default: 1499)
    guard low <= high else {
      throw PluginError(
        ParameterProblem(
          parameter: "MaxPort", value: String(high), message: "\(high) is less than MinPort, which is \(low)"))
    }
    let blocked = try values.read("BlockPorts") { values throws(GrammarError) in
      Set(try NumberList.parse(values.joined(separator: ","), in: 1...65535))
    }
    allowed = (low...high).filter { !blocked.contains($0) }
    lines = IDList.parse([values.text("EipIspTypes") ?? "BGP"])
    guard podsPerLoadBalancer > 0 else {
      throw PluginError(
        ParameterProblem(
          parameter: "PortProtocols", value: values.all("PortProtocols").joined(separator: ","),
          message: "port range is too small for the number of target ports: \(low) to \(high) without BlockPorts has "
            + "\(allowed.count) ports, a pod needs \(entries.count)"))
    }
  }

  /// How many pods one load balancer holds; 0 where not even one fits.
  var podsPerLoadBalancer: Int { entries.isEmpty ? 0 : allowed.count / entries.count }

  /// The number of the load balancer that holds a pod.
  func loadBalancer(of ordinal: Int) -> Int { ordinal / podsPerLoadBalancer }

  /// The ports outside of a pod, one for each entry.
  func ports(of ordinal: Int) -> ArraySlice<Int> {
    let first = ordinal % podsPerLoadBalancer * entries.count
    return allowed[first..<first + entries.count]
  }

  /// How many load balancers there should be for each line.
  func loadBalancerCount(highest ordinal: Int, reserve: Int) -> Int { loadBalancer(of: ordinal) + reserve + 1 }

  /// A line as part of an object's name: lower case, and without the underscore that names cannot have.
  static func name(of line: String) -> String {
    String(line.lowercased().map { $0 == "_" ? "-" : $0 })
  }

  /// Problems of parameters that are right each by itself.
  static func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] {
    do {
      let problem = problem(of: try AutoNLBsLayout(parameters).lines) ?? missingZones(parameters)
      return problem.map { [$0] } ?? []
    } catch {
      return error.problem.map { [$0] } ?? []
    }
  }

  private static func problem(of lines: [String]) -> ParameterProblem? {
    func problem(_ line: String, _ text: String) -> ParameterProblem {
      ParameterProblem(parameter: "EipIspTypes", value: line, message: "\(quoted(line)) \(text)")
    }
    var seen: Set<String> = []
    for line in lines {
      let name = name(of: line)
      guard KubernetesName.isPartOfServiceName(name[...]) else {
        return problem(line, "cannot be part of an object's name")
      }
      guard seen.insert(name).inserted else {
        return problem(
          line, "has the same objects as another line; expected names that differ in more than case, - and _")
      }
    }
    return nil
  }

  private static func missingZones(_ parameters: [NetworkParameter]) -> ParameterProblem? {
    guard ParameterValues(parameters).text("ZoneMaps") == nil else { return nil }
    return ParameterProblem(
      parameter: "ZoneMaps", value: "", message: "is empty; expected a private network and its zones")
  }
}
