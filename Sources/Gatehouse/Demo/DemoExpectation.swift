import JSON
import Kubernetes

/// Something that must be true of a set and its servers.
enum DemoExpectation: Sendable {
  /// Exactly these servers are there.
  case servers([Int])
  /// Every server shows this.
  case each(DemoColumn, String)
  /// These servers show these.
  case some(DemoColumn, [Int: String])
  /// Every server that was there before the step, and still is, shows what it showed.
  case kept(DemoColumn)
  /// This server shows something else than before the step.
  case changed(DemoColumn, Int)
  /// Every server has so many ports of its node within the range, and no node gives one twice.
  case hostPorts(Int, ClosedRange<Int>)
  /// A field of the set has this value.
  case field(String, String)

  /// What is expected, as a part of a sentence.
  var text: String {
    switch self {
    case .servers(let ordinals): "servers \(ordinals.map(String.init).joined(separator: ", "))"
    case .each(let column, let value): "\(column.rawValue) \(value) everywhere"
    case .some(let column, let values): "\(column.rawValue) \(Self.grouped(values))"
    case .kept(let column): "\(column.rawValue) as before"
    case .changed(let column, let ordinal): "another \(column.rawValue) on \(ordinal)"
    case .hostPorts(let count, let range):
      "\(count) host ports of \(range.lowerBound)-\(range.upperBound) each, none twice on a node"
    case .field(let path, let value): "\(path) \(value)"
    }
  }

  /// What is seen instead; nil where the expectation is met.
  ///
  /// - Parameter before: the same set when the step began.
  func complaint(_ view: DemoView, before: DemoView) -> String? {
    switch self {
    case .servers(let ordinals):
      let seen = view.servers.map(\.pod.ordinal)
      return seen == ordinals ? nil : "servers \(seen.map(String.init).joined(separator: ", "))"
    case .each(let column, let value):
      let others = view.servers.filter { column.value($0) != value }
      return view.servers.isEmpty ? "no servers" : Self.list(column, others)
    case .some(let column, let values):
      let wrong = values.sorted { $0.key < $1.key }.filter { view.server($0.key).map(column.value) != $0.value }
      return wrong.isEmpty ? nil : Self.list(column, wrong.compactMap { view.server($0.key) }) ?? "no such server"
    case .kept(let column):
      let others = view.servers.filter { server in
        guard let old = before.server(server.pod.ordinal) else { return false }
        return column.value(old) != column.value(server)
      }
      return Self.list(column, others)
    case .changed(let column, let ordinal):
      guard let server = view.server(ordinal), let old = before.server(ordinal) else { return "no such server" }
      return column.value(server) == column.value(old) ? "\(column.rawValue) \(column.value(old))" : nil
    case .hostPorts(let count, let range): return Self.ports(view, count, range)
    case .field(let path, let value):
      let seen = view.field(path)
      return seen == value ? nil : "\(path) \(seen)"
    }
  }

  private static func list(_ column: DemoColumn, _ servers: [DemoServer]) -> String? {
    guard !servers.isEmpty else { return nil }
    let values = Dictionary(servers.map { ($0.pod.ordinal, column.value($0)) }, uniquingKeysWith: { $1 })
    return "\(column.rawValue) \(grouped(values))"
  }

  /// `1.1 on 2 and 1.0 on 0, 1, 3`.
  private static func grouped(_ values: [Int: String]) -> String {
    let groups = Dictionary(grouping: values.keys.sorted()) { values[$0] ?? "" }
    let parts = groups.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }.map { value, ordinals in
      "\(value) on \(ordinals.map(String.init).joined(separator: ", "))"
    }
    return parts.joined(separator: " and ")
  }

  private static func ports(_ view: DemoView, _ count: Int, _ range: ClosedRange<Int>) -> String? {
    struct Place: Hashable {
      let node: String
      let port: Int
      let proto: String
    }
    var taken: Set<Place> = []
    for server in view.servers {
      let ports = server.hostPorts
      guard ports.count == count, ports.allSatisfy({ range.contains($0.hostPort) }) else {
        return list(.hostPorts, [server])
      }
      for port in ports {
        let place = Place(node: server.pod.nodeName, port: port.hostPort, proto: port.proto)
        guard taken.insert(place).inserted else {
          return "\(port.hostPort)/\(port.proto) twice on \(server.pod.nodeName)"
        }
      }
    }
    return nil
  }
}
