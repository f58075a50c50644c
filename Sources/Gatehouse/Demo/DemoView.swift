import JSON
import Kubernetes

/// What a set and its servers look like at one moment.
struct DemoView: Sendable {
  /// The set; nil before it is there.
  let set: GameServerSet?
  /// The servers that have a pod, by ordinal; pods on their way out are among them.
  let servers: [DemoServer]

  init(_ store: ObjectStore, _ set: NamespacedName) {
    self.set = store.gameServerSet(set)
    servers = store.pods(ofSet: set).sorted { $0.ordinal < $1.ordinal }.map {
      DemoServer(pod: $0, server: store.gameServer($0.key))
    }
  }

  /// The server of an ordinal.
  func server(_ ordinal: Int) -> DemoServer? { servers.first { $0.pod.ordinal == ordinal } }

  /// The field of the set at a path such as `spec.replicas`, as text; `-` where there is none.
  func field(_ path: String) -> String {
    var view = set?.json
    for name in path.split(separator: ".") { view = view?[String(name)] }
    guard let view else { return "-" }
    return view.string ?? JSONValue(view).text
  }

  /// The lines of a table, the first with the titles.
  func table(_ columns: [DemoColumn]) -> [String] {
    let shown = [DemoColumn.state, .opsState] + columns
    var rows = [["name"] + shown.map(\.rawValue)]
    for server in servers { rows.append([server.name] + shown.map { $0.value(server) }) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { place, row in
      let cells = zip(row, widths).map { text, width in
        (place == 0 ? text.uppercased() : text) + String(repeating: " ", count: width - text.count)
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }
}
