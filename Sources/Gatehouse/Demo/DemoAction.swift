import JSON
import Kubernetes

/// Something that a user, an operator or a game does.
indirect enum DemoAction: Sendable {
  /// Creates a set.
  case apply(JSONValue)
  /// Changes the scenario's set by a merge patch.
  case patchSet(JSONValue)
  /// Changes the specification of a game server by a merge patch.
  case patchServer(Int, JSONValue)
  /// Deletes the GameServer object of a server.
  case deleteServer(Int)
  /// Deletes the pod of a server.
  case deletePod(Int)
  /// Lets the probe of a server, or of all of them, answer this from now on.
  case probe(String, of: Int?, succeeds: Bool)
  /// Deletes the scenario's set.
  case deleteSet
  /// Tries something that admission refuses with a message that holds this text.
  case refused(DemoAction, with: String)

  /// What to type for it, or what happens in the game.
  func text(set: String) -> String {
    if case .probe(let name, let ordinal, let succeeds) = self {
      return "in the game: the probe \(name) of \(ordinal.map { "\(set)-\($0)" } ?? "every server") "
        + (succeeds ? "succeeds" : "fails")
    }
    return "$ " + command(set: set)
  }

  private func command(set: String) -> String {
    switch self {
    case .apply(let object): "kubectl apply -f \(Self.name(of: object)).yaml"
    case .patchSet(let patch): "kubectl patch gss \(set) --type merge -p '\(patch.text)'"
    case .patchServer(let ordinal, let spec):
      "kubectl patch gs \(set)-\(ordinal) --type merge -p '\((["spec": spec] as JSONValue).text)'"
    case .deleteServer(let ordinal): "kubectl delete gs \(set)-\(ordinal)"
    case .deletePod(let ordinal): "kubectl delete pod \(set)-\(ordinal)"
    case .probe: ""
    case .deleteSet: "kubectl delete gss \(set)"
    case .refused(let action, _): action.command(set: set)
    }
  }

  private static func name(of object: JSONValue) -> String { object["metadata"]?["name"]?.string ?? "" }
}
