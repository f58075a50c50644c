import Telemetry
import TestSupport
import Testing

@testable import Scaler

@Suite("Connections of any client")
struct ConnectionFuzzTests {
  /// A connection with every kind of frame that the server takes.
  private static let sample: [UInt8] = {
    let watch = Frame.call("/grpc.health.v1.Health/Watch") + [("grpc-timeout", "10S")]
    let frames = [
      Frame.settings, Frame.headers(1), Frame.data(1, [0, 0, 0, 0, 0]), Frame.ping, Frame.headers(3, watch),
      Frame.data(3, [0, 0], ends: false), Frame.data(3, [0, 0, 0]), Frame(Frame.Kind.window, payload: [0, 0, 1, 0]),
      Frame.reset(3), Frame.headers(5, Frame.call("/x/y"), flags: 5),
      Frame(Frame.Kind.goAway, payload: [0, 0, 0, 0, 0, 0, 0, 0]),
    ]
    return Frame.preface + frames.flatMap(\.bytes)
  }()

  @Test(
    "end or go on, and let go of everything, whatever bytes come in whatever pieces", arguments: 0..<20 as Range<UInt64>
  )
  func anyBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      var bytes = Self.sample
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        // The preface stays: without it nothing behind it is looked at.
        bytes[Int.random(in: Frame.preface.count..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      let peer = Peer()
      var rest = bytes[...]
      while !rest.isEmpty, !peer.connection.isOver {
        let piece = Array(rest.prefix(Int.random(in: 1...64, using: &random)))
        rest = rest.dropFirst(piece.count)
        peer.send(piece)
      }
      for _ in 0..<4 where !peer.connection.isOver {
        _ = peer.waitForDeadline()
        _ = peer.take()
      }
      peer.connection.close(now: peer.now)
      #expect(peer.index.subscriptionCount == 0)
      #expect(peer.registry.gauge("gatehouse_scaler_calls_open", help: "").value == 0)
    }
  }
}
