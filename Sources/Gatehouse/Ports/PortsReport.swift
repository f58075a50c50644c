import JSON
import Kubernetes
import NetworkPlugins

/// What `gatehouse ports` tells.
struct PortsReport: Sendable {
  private let audit: PortAudit
  private let loadBalancers: [LoadBalancerReport]
  private let repairs: [PortRepair]

  /// A report on what a store holds, and on what was done about it.
  init(_ store: ObjectStore, _ plugins: PluginRegistry, repairs: [PortRepair]) {
    audit = PortAudit(store, plugins: plugins)
    let ports = LoadBalancerPorts(plugins.portSpaces)
    ports.observe(store)
    loadBalancers = ports.report
    self.repairs = repairs
  }

  /// Whether anything is wrong that was not mended.
  var isUnmended: Bool { audit.findings.contains { finding in repair(of: finding)?.isDone != true } }

  private func repair(of finding: PortAudit.Finding) -> PortRepair? {
    repairs.first { $0.service == finding.service && $0.uid == finding.uid }
  }

  /// Lines for people.
  func lines(findings: Bool) -> [String] {
    var rows = [["LOAD BALANCER", "PORT", "PROTOCOLS", "SERVICE", "POD", "TYPE"]]
    rows += audit.holds.map { hold in
      [
        hold.loadBalancer, String(hold.port), hold.protocols.joined(separator: "+"), hold.service.description,
        hold.pod?.description ?? "-", hold.type ?? "-",
      ]
    }
    var lines = audit.holds.isEmpty ? ["no ports of load balancers are held"] : Self.table(rows)
    if !loadBalancers.isEmpty { lines.append("") }
    lines += loadBalancers.map { "\($0.loadBalancer): \($0.held) of \($0.usable) held in [\($0.space)]" }
    guard findings else { return lines }
    lines.append("")
    for finding in audit.findings {
      lines.append("\(finding.kind.words): Service \(finding.service): \(finding.message)")
      if let repair = repair(of: finding) { lines.append("  \(repair.text)") }
    }
    lines.append(summary)
    return lines
  }

  private var summary: String {
    let counts = PortAudit.Finding.Kind.allCases.map { kind in
      "\(audit.findings.count { $0.kind == kind }) \(kind.words)"
    }
    return "found: " + counts.joined(separator: ", ")
  }

  private static func table(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The same for programs.
  func value(findings: Bool) -> JSONValue {
    var value: JSONObject = [
      "ports": .array(audit.holds.map(Self.value)),
      "loadBalancers": .array(
        loadBalancers.map {
          [
            "space": .string($0.space), "loadBalancer": .string($0.loadBalancer), "usable": .int($0.usable),
            "held": .int($0.held),
          ]
        }),
    ]
    if findings { value["findings"] = .array(audit.findings.map(self.value)) }
    return .object(value)
  }

  private static func value(_ hold: PortAudit.Hold) -> JSONValue {
    [
      "loadBalancer": .string(hold.loadBalancer), "port": .int(hold.port),
      "protocols": .array(hold.protocols.map { .string($0) }), "service": .string(hold.service.description),
      "pod": hold.pod.map { .string($0.description) } ?? .null, "networkType": hold.type.map { .string($0) } ?? .null,
    ]
  }

  private func value(_ finding: PortAudit.Finding) -> JSONValue {
    [
      "kind": .string(finding.kind.rawValue), "service": .string(finding.service.description),
      "uid": .string(finding.uid), "message": .string(finding.message),
      "repair": repair(of: finding).map { .string($0.text) } ?? .null,
    ]
  }
}

extension PortAudit.Finding.Kind {
  /// The kind as people say it.
  fileprivate var words: String {
    switch self {
    case .leak: "leaked"
    case .double: "held twice"
    case .outOfRange: "out of range"
    case .withoutPorts: "without ports"
    }
  }
}
