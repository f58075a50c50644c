import HTTPServer
import JSON
import Kubernetes
import Synchronization

/// One watch: turns the changes behind its position into lines, as fast as its client takes them.
///
/// Of what a slow client has not taken, one piece waits here; the rest stays in the log. A client that falls behind the log is told so.
final class WatchStream: Sendable {
  /// When a watch ends and when it says how far it has come.
  struct Schedule: Sendable {
    var end: ContinuousClock.Instant
    /// Nil where the client does not want bookmarks.
    var bookmark: ContinuousClock.Instant?

    /// A watch that begins now.
    ///
    /// As in the real server, a bookmark comes about once a minute and two seconds before the end.
    init(now: ContinuousClock.Instant, duration: Duration, hasBookmarks: Bool) {
      end = now + duration
      bookmark = hasBookmarks ? min(now + .seconds(60), max(now, end - .seconds(2))) : nil
    }
  }

  private struct State {
    /// Nil where the watch is over.
    var handle: ResponseHandle?
    var position: Int
    var events: ArraySlice<SimulatedAPIServer.WatchEvent>
    /// Lines that the client has not taken.
    var piece: [UInt8] = []
    var hasSentColumns = false
    var schedule: Schedule
  }

  /// Bytes of a piece: a few times what a socket buffer takes, and little beside the objects themselves.
  private static let pieceBytes = 256 * 1024
  /// Changes that are looked at in one turn.
  private static let turn = 1000

  private let server: SimulatedAPIServer
  private let selection: ObjectSelection
  private let output: ObjectOutput
  private let state: Mutex<State>

  init(
    _ server: SimulatedAPIServer, _ selection: ObjectSelection, _ output: ObjectOutput, _ handle: ResponseHandle,
    initial: [KubernetesObject], position: Int, schedule: Schedule
  ) {
    self.server = server
    self.selection = selection
    self.output = output
    let events = initial.map { SimulatedAPIServer.WatchEvent(change: .added, object: $0, version: position) }
    state = Mutex(State(handle: handle, position: position, events: events[...], schedule: schedule))
  }

  /// Sends what there is; answers whether the watch goes on.
  func pump(now: ContinuousClock.Instant) -> Bool {
    state.withLock { state in
      while let handle = state.handle {
        if !state.piece.isEmpty {
          switch handle.write(state.piece) {
          case .accepted: state.piece = []
          case .full: return true
          case .gone: state.handle = nil
          }
          continue
        }
        if state.events.isEmpty {
          switch refill(&state) {
          case .more: continue
          case .forgotten: return false
          case .upToDate: return mind(&state, handle, now)
          }
        }
        fill(&state)
      }
      return false
    }
  }

  /// Whether something is to be done without any change in the cluster.
  func isDue(now: ContinuousClock.Instant) -> Bool {
    state.withLock { state in
      !state.piece.isEmpty || now >= state.schedule.end || (state.schedule.bookmark.map { now >= $0 } ?? false)
    }
  }

  /// Cuts the connection, as a failing network does.
  func cut() { state.withLock { $0.handle = nil } }

  private enum Refill {
    case more
    case upToDate
    case forgotten
  }

  private func refill(_ state: inout State) -> Refill {
    let next = server.events(output.definition.resource, selection, after: state.position, limit: Self.turn)
    guard let next else {
      let error = APIFailure.tooOld(state.position, oldest: server.oldestVersion)
      let line = StatusBody.failure(error)
      _ = state.handle?.write(JSONValue.object(["type": "ERROR", "object": line]).line)
      state.handle?.end()
      state.handle = nil
      return .forgotten
    }
    let isMoved = next.version > state.position
    state.position = next.version
    state.events = next.events[...]
    return isMoved ? .more : .upToDate
  }

  private func fill(_ state: inout State) {
    while state.piece.count < Self.pieceBytes, let event = state.events.popFirst() {
      // Only the first row of a table comes with the columns.
      state.piece += output.event(event.change.rawValue, event.object, hasColumns: !state.hasSentColumns)
      state.hasSentColumns = true
    }
  }

  /// Sends a bookmark or ends the watch when it is time.
  private func mind(_ state: inout State, _ handle: ResponseHandle, _ now: ContinuousClock.Instant) -> Bool {
    if let moment = state.schedule.bookmark, now >= moment {
      state.schedule.bookmark = now + .seconds(60) < state.schedule.end ? now + .seconds(60) : nil
      _ = handle.write(output.bookmark(state.position))
    }
    guard now >= state.schedule.end else { return true }
    handle.end()
    state.handle = nil
    return false
  }
}
